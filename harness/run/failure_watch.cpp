#include "run/failure_watch.hpp"

#include <algorithm>

#include "base/object_reader.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

const re2::RE2& time_stamp() {
    static const re2::RE2 pattern(R"(\[ *\d+\.\d{6}\](\[ *[CT]\d+\])? )");
    return pattern;
}

std::unique_ptr<re2::RE2::Set> make_set() {
    re2::RE2::Options options(re2::RE2::Quiet);
    return std::make_unique<re2::RE2::Set>(options, re2::RE2::ANCHOR_START);
}

}  // namespace

failure_watch::failure_watch(const json_document& document)
    : starts_(make_set()), benign_(make_set()) {
    object_reader file(document, json_path(), "the pattern file");
    const auto add = [&](re2::RE2::Set& set, const std::string& regex, const json_path& path) {
        std::string reason;
        if (set.Add(regex, &reason) < 0) throw document.problem(path, "bad regex: " + reason);
    };
    for (std::size_t i = 0; i < file.value("patterns").size(); ++i) {
        const auto path = json_path("/patterns") / i;
        object_reader entry(document, path, "a pattern");
        const auto severity = entry.text("severity");
        if (severity != "fatal" && severity != "note")
            throw entry.problem("severity", "\"severity\" is \"fatal\" or \"note\"");
        const auto start = entry.text("start");
        add(*starts_, start, path / "start");
        patterns_.push_back(
            {entry.text("kind"), severity == "fatal", std::make_unique<re2::RE2>(start)});
        entry.finish();
    }
    const auto benign = file.texts("benign");
    for (std::size_t i = 0; i < benign.size(); ++i)
        add(*benign_, benign[i], json_path("/benign") / i);
    file.finish();
    starts_->Compile();
    benign_->Compile();
}

std::optional<failure> failure_watch::on_line(std::string_view line) const {
    // The kernel also prints behind a prompt: a message begins after each time stamp.
    re2::StringPiece message(line.data(), line.size());
    re2::RE2::Consume(&message, time_stamp());
    do {
        std::vector<int> hits;
        if (!starts_->Match(message, &hits) || hits.empty() || benign_->Match(message, nullptr))
            continue;
        const auto& found = patterns_[static_cast<std::size_t>(*std::ranges::min_element(hits))];
        return failure{found.kind, normalised_title({message.data(), message.size()}), found.fatal,
                       printable(line)};
    } while (re2::RE2::FindAndConsume(&message, time_stamp()));
    return std::nullopt;
}

std::string normalised_title(std::string_view message) {
    static const re2::RE2 address(R"(\b(?:0x)?[0-9a-f]{8,16}\b)");
    static const re2::RE2 exit_code(R"(\bexitcode=0x0*([0-9a-f]))");
    static const re2::RE2 process(R"(\[\d+\])");
    static const re2::RE2 task(R"((\[|\btask )([^\]: ]+):\d+)");
    static const re2::RE2 mapping(R"(\[[0-9a-f]+,[0-9a-f]+\+[0-9a-f]+\])");
    static const re2::RE2 numbers(R"(\b(CPU|PID|cpu|pid|process)([:#= ]+)\d+)");
    static const re2::RE2 amount(R"(\b\d+(s|kB)\b)");
    std::string title = printable(trim(message));
    re2::RE2::GlobalReplace(&title, mapping, "");
    re2::RE2::GlobalReplace(&title, exit_code, "exitcode=0x\\1");
    re2::RE2::GlobalReplace(&title, address, "ADDR");
    re2::RE2::GlobalReplace(&title, process, "");
    re2::RE2::GlobalReplace(&title, task, "\\1\\2");
    re2::RE2::GlobalReplace(&title, numbers, "\\1\\2N");
    re2::RE2::GlobalReplace(&title, amount, "N\\1");
    return title;
}

}  // namespace qh
