// What a person sees while an image is built.
#pragma once

#include <chrono>
#include <string>

#include "image/progress/build_options.hpp"

namespace qh {

/// Prints a build's progress on standard error: on a terminal one line that is rewritten a few
/// times a second, elsewhere a line for each phase and one every 5 s within it.
class image_progress {
  public:
    explicit image_progress(std::string name);
    ~image_progress();

    void show(const build_progress& progress);

  private:
    using clock = std::chrono::steady_clock;

    void print(const std::string& line, bool stays);

    std::string name_;
    bool terminal_;
    bool live_ = false;
    std::string phase_;
    build_progress last_;
    clock::time_point printed_{};
};

}  // namespace qh
