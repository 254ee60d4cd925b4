#include "matrix/night_executor.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "matrix/local_executor.hpp"
#include "matrix/slurm_night_executor.hpp"

namespace qh {
namespace {

struct known_executor {
    std::string_view name;
    std::unique_ptr<night_executor> (*make)();
};

template <typename Executor>
std::unique_ptr<night_executor> make() {
    return std::make_unique<Executor>();
}

constexpr known_executor all_executors[] = {
    {local_night_executor::own_name, make<local_night_executor>},
    {slurm_night_executor::own_name, make<slurm_night_executor>}};

}  // namespace

std::vector<std::string> executor_names() {
    std::vector<std::string> names;
    for (const auto& one : all_executors) names.emplace_back(one.name);
    return names;
}

std::unique_ptr<night_executor> make_executor(std::string_view name) {
    const auto found = std::ranges::find(all_executors, name, &known_executor::name);
    if (found != std::end(all_executors)) return found->make();
    const auto names = executor_names();
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    const auto near = closest(name, candidates);
    throw usage_error("there is no executor \"{}\", only {}{}", printable(name),
                      fmt::join(names, ", "),
                      near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near));
}

}  // namespace qh
