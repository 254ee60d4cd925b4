#include "base/byte_source.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace qh {

void text_source::read(std::uint64_t offset, std::span<char> into) const {
    std::ranges::copy(text_.substr(offset, into.size()), into.begin());
}

void file_source::read(std::uint64_t offset, std::span<char> into) const {
    while (!into.empty()) {
        const auto got = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            throw infrastructure_error("cannot read {}: {}", printable(name_),
                                       system_message(errno));
        if (got == 0)
            throw infrastructure_error("cannot read {}: it became shorter", printable(name_));
        offset += static_cast<std::uint64_t>(got);
        into = into.subspan(static_cast<std::size_t>(got));
    }
}

}  // namespace qh
