#include "warm/warm_choice.hpp"

#include "base/error.hpp"
#include "warm/warm_key.hpp"

namespace qh {

std::string why_never_warm(const scenario& what, const machine_spec& spec) {
    if (!what.secrets.empty()) return "a saved memory would hold the scenario's secrets";
    if (!spec.extra_arguments.empty())
        return "QEMU arguments of the scenario's own may name files that nobody watches";
    return {};
}

warm_choice::warm_choice(const machine_spec& spec, std::string why_not) {
    plan_.machine = spec;
    plan_.why_not = std::move(why_not);
}

warm_choice::warm_choice(const warm_store& store, const scenario& what, const machine_spec& spec,
                         const engine_options& options, const std::filesystem::path& journal)
    : warm_choice(spec, why_never_warm(what, spec)) {
    const auto step = warm_step_of(what);
    if (!step || !plan_.why_not.empty()) return;
    store_ = store;
    key_ = warm_key(what, *step, spec, options);
    if (go_on_from_point(what, spec)) return;
    saving_ = store.save(key_, spec);
    plan_.machine = saving_->machine();
    plan_.save_to = saving_->state();
    plan_.keep = [this, journal] { saving_->keep(journal); };
}

bool warm_choice::go_on_from_point(const scenario& what, const machine_spec& spec) {
    const auto point = store_->find(key_);
    if (!point) return false;
    std::string problem;
    try {
        past_ = std::make_unique<recorded_past>(*point);
        problem = past_->problem_for(what);
    } catch (const error& e) {
        problem = e.what();
    }
    if (!problem.empty()) {
        store_->remove(key_);
        return false;
    }
    plan_.past = past_.get();
    plan_.origin = {.saved = past_->saved_at(), .seconds = past_->seconds(), .failed = {}};
    plan_.machine = warm_store::restored(spec, *point);
    plan_.cold = spec;
    plan_.forget = [this] { store_->remove(key_); };
    return true;
}

void warm_choice::on_judged(run_outcome outcome) {
    const bool answered = outcome == run_outcome::passed || outcome == run_outcome::failed ||
                          outcome == run_outcome::crashed || outcome == run_outcome::interrupted;
    if (plan_.past && !answered) store_->remove(key_);
}

}  // namespace qh
