// A console that a Python program printed as a literal of its bytes, as pexpect's exceptions do.
#pragma once

#include <string>
#include <string_view>

namespace qh {

/// Takes the console out of `before (last 100 chars): b'OpenSBI v1.5\r\n…'`. Text that stands
/// outside of literals stays as it is.
class bytes_literal {
  public:
    /// Whether most of `beginning`, whole or the first kilobytes of a log, is such a literal.
    static bool makes_up(std::string_view beginning);

    /// The text of the log's next bytes, without literals' quotes and escapes. What `bytes` leave
    /// open comes with the next ones; `last` says that there are none.
    std::string feed(std::string_view bytes, bool last);

  private:
    std::size_t take_escape(std::string_view text, std::string& out) const;

    std::string unread_;
    char quote_ = 0;  ///< of the literal that is open; 0: none
    char before_[2] = {'\n', '\n'};
};

}  // namespace qh
