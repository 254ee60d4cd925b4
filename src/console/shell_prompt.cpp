#include "console/shell_prompt.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <memory>

namespace qh {
namespace {

constexpr std::size_t longest_prompt = 300;

/// A form of prompts. The regex has two groups, `who` and `mark`, which make up the prompt's form:
/// what stands between them, such as a folder or a branch, changes from one command to the next.
struct prompt_form {
    prompt_form(prompt_kind kind_of_all, const std::string& pattern)
        : kind(kind_of_all), regex(std::make_shared<re2::RE2>(pattern)) {}
    prompt_kind kind;
    std::shared_ptr<re2::RE2> regex;
};

/// What may stand in front of any prompt: "(venv) ", "[12:01:33] ".
constexpr const char* decoration =
    R"(^(?:\([^()\s]{1,40}\) ?|\[\d\d?:\d\d(?::\d\d)?\] ?|\d\d?:\d\d(?::\d\d)? )*)";

const auto& forms() {
    const auto form = [](prompt_kind kind, const std::string& who, const std::string& between,
                         const std::string& mark) {
        return prompt_form{kind,
                           decoration + ("(" + who + ")") + between + "(" + mark + ")(?: +|$)"};
    };
    const std::string folder = R"((?:~|/)[^\s#$%>]*)";
    static const std::array all = {
        form(prompt_kind::maintenance, "(?:Give root password|Press Enter) for maintenance", "",
             ":?"),
        form(prompt_kind::maintenance, R"(\(?or (?:press|type) Control-D to continue\))", "", ":?"),
        form(prompt_kind::rescue, R"(\(initramfs\)|\(repair filesystem\))", " ?", "#?"),
        form(prompt_kind::rescue,
             "(?:dracut|initqueue|cmdline|pre-[a-z]+|mount|switch_root|shutdown|emergency):",
             R"([^\s#]*)", "#"),
        form(prompt_kind::rescue, R"(\[rootfs |rescueshell )", R"([^\s#]*\]? ?)", "#"),
        form(prompt_kind::loader, R"(grub(?: rescue)?|=|U-Boot ?|Shell|[A-Z]{2,4}\d{1,2}:\\)",
             R"([^\s>]*)", ">"),
        form(prompt_kind::shell, R"(\[?[\w-][\w.-]*@[\w.()-]+)",
             R"([:\] ]?(?:(?:[~/][^\s#$%>❯]*|[^\s#$%>❯]*\])(?: [^\s#$%>❯]+){0,3})? ?)", "[#$%>❯]"),
        form(prompt_kind::shell, R"((?:[\w.()-]+:)?)", folder + R"((?: \([^()\s]{1,60}\))? ?)",
             "[#$]"),
        form(prompt_kind::shell, R"(-?(?:ba|da|a|k|mk|z)?sh-\d[\w.]*)", "", "[#$%>]"),
        form(prompt_kind::plain, R"([\w.-]+ )", folder + " ", "[#$%>❯]"),
        form(prompt_kind::plain, "➜", R"( +\S+(?: git:\([^()\s]*\))?)", "(?: ✗)?"),
        form(prompt_kind::plain, R"((?:[A-Za-z][\w.-]{0,62})?)", "", "[#$%>❯]"),
    };
    return all;
}

/// "45.2%" tells progress; zsh's mark of a user stands behind no digit.
bool is_percentage(std::string_view line, const re2::StringPiece& mark) {
    const auto at = static_cast<std::size_t>(mark.data() - line.data());
    return mark == "%" && at > 0 && line[at - 1] >= '0' && line[at - 1] <= '9';
}

}  // namespace

std::optional<shell_prompt> prompt_at_start(std::string_view line) {
    const re2::StringPiece text(line.data(), std::min(line.size(), longest_prompt));
    for (const auto& form : forms()) {
        re2::StringPiece groups[3];
        if (!form.regex->Match(text, 0, text.size(), re2::RE2::ANCHOR_START, groups, 3)) continue;
        if (is_percentage(line, groups[2])) continue;
        return shell_prompt{form.kind, groups[0].size(),
                            std::string(groups[1]) + std::string(groups[2])};
    }
    return std::nullopt;
}

bool is_prompt_alone(std::string_view line) {
    const auto prompt = prompt_at_start(line);
    return prompt && prompt->length == line.size();
}

bool asks_for_login(std::string_view line) {
    if (line.ends_with(' ')) line.remove_suffix(1);
    constexpr std::string_view question = "login:";
    if (!line.ends_with(question)) return false;
    line.remove_suffix(question.size());
    const bool is_word = line.empty() || line.back() == ' ' || line.back() == ')';
    return is_word && !line.starts_with("Last ");
}

}  // namespace qh
