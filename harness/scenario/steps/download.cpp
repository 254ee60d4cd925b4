#include "scenario/steps/download.hpp"

#include "scenario/steps/step_reading.hpp"

namespace qh {

void read(step_reading& from, download_step& step) {
    if (from.object.value("download").is_string()) {
        step.from = read_guest_path(from.object, "download");
    } else {
        object_reader download(from.document, from.object.path_of("download"), "\"download\"");
        problem_list problems;
        problems.attempt([&] { step.from = read_guest_path(download, "from"); });
        problems.attempt([&] {
            step.name = download.text("to", "");
            if (step.name.find('/') != std::string::npos)
                throw download.problem(
                    "to", "\"to\" is a name in the run directory's files/, not a path");
        });
        download.finish(problems);
        problems.throw_all();
    }
    if (step.name.empty()) step.name = std::filesystem::path(step.from).filename().string();
}

}  // namespace qh
