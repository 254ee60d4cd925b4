// A fresh folder for each test that needs files.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string_view>

#include "base/files.hpp"

namespace qh::test {

/// A test in a folder of its own, which goes with the test.
class in_temporary_folder : public testing::Test {
  protected:
    std::filesystem::path folder() const { return folder_.path(); }

    std::filesystem::path write(const std::string& name, std::string_view content) const {
        std::filesystem::create_directories((folder() / name).parent_path());
        write_file_atomically(folder() / name, content);
        return folder() / name;
    }

  private:
    temporary_directory folder_{std::filesystem::temp_directory_path(), "qharness-unit"};
};

}  // namespace qh::test
