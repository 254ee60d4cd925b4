// Programs of a test's own in front of PATH.
#pragma once

#include <cstdlib>
#include <string>

#include "support/temporary_folder.hpp"

namespace qh::test {

/// A test whose folder `bin` is the first in PATH.
class with_fake_programs : public in_temporary_folder {
  protected:
    with_fake_programs() {
        ::setenv("PATH", ((folder() / "bin").string() + ":" + path_before_).c_str(), 1);
    }
    ~with_fake_programs() override { ::setenv("PATH", path_before_.c_str(), 1); }

    /// A program that is this shell script, run in the test's folder.
    std::filesystem::path program(const std::string& name, const std::string& script) const {
        const auto file =
            write("bin/" + name, "#!/bin/sh\ncd " + folder().string() + "\n" + script + "\n");
        std::filesystem::permissions(file, std::filesystem::perms::owner_all);
        return file;
    }

  private:
    const std::string path_before_ = std::getenv("PATH");
};

}  // namespace qh::test
