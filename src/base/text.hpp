// Small text helpers shared by everything; guest text is hostile and passes through `printable`.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// One word for a POSIX shell; quoted only where needed.
std::string shell_quote(std::string_view word);

/// The words as one command line for a POSIX shell.
std::string shell_quote(std::span<const std::string> words);

bool is_ascii(std::string_view bytes);

bool is_valid_utf8(std::string_view bytes);

/// The same with U+FFFD in place of each byte that is part of no well-formed UTF-8 sequence.
std::string valid_utf8(std::string_view bytes);

bool has_control_characters(std::string_view bytes);

/// Valid UTF-8 without control characters except tab and newline: each other byte becomes
/// `\xNN`, so that the text can do no harm in a terminal or a log.
std::string printable(std::string_view bytes);

/// `candidates`' nearest spelling to `word`, or empty where none is near enough to suggest. Upper
/// and lower case are as near as can be.
std::string closest(std::string_view word, std::span<const std::string_view> candidates);

std::string_view trim(std::string_view text);

std::vector<std::string_view> split_lines(std::string_view text);

/// The last `count` lines of `text`, without a final newline.
std::string last_lines(std::string_view text, std::size_t count);

}  // namespace qh
