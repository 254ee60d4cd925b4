// A shell's prompt, known by its form on the text that a terminal shows.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace qh {

enum class prompt_kind {
    shell,        ///< of a form that other text has not: "root@host:~# ", "/ # ", "bash-5.2$ "
    plain,        ///< "# ", "host% ": other text begins so too; a prompt where it stands alone
    rescue,       ///< of the shell that an initramfs starts where the boot cannot go on
    loader,       ///< of GRUB, U-Boot or EFI's shell
    maintenance,  ///< sulogin's question: an answer opens a rescue shell
};

struct shell_prompt {
    prompt_kind kind;
    std::size_t length;  ///< in bytes, with the blank behind the mark; what follows was typed
    std::string form;    ///< equal for the same shell in another folder or at another time
};

/// The prompt that `line` begins with. `line` is text without escape sequences, as from
/// `transcript`: a complete line or the open one. The work is linear in its first 300 bytes.
std::optional<shell_prompt> prompt_at_start(std::string_view line);

/// Whether `line` is a prompt and nothing behind it.
bool is_prompt_alone(std::string_view line);

/// Whether getty or login asks for a user at the end of `line`; "Last login: …" asks nobody.
bool asks_for_login(std::string_view line);

}  // namespace qh
