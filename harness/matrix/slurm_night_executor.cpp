#include "matrix/slurm_night_executor.hpp"

#include <limits>
#include <map>

#include "matrix/night.hpp"
#include "matrix/slurm_client.hpp"
#include "matrix/slurm_executor.hpp"

namespace qh {

scheduler_limits slurm_night_executor::limits(std::size_t jobs) const {
    scheduler_limits limits;
    limits.jobs = jobs == 0 ? most_cells : jobs;
    limits.harts = std::numeric_limits<unsigned>::max();
    return limits;
}

void slurm_night_executor::connect() {
    cluster_ = ask_cluster();
}

void slurm_night_executor::refuse_impossible(std::vector<night_cell>& cells,
                                             const message_sink& say) const {
    std::map<std::vector<std::string>, std::string> refusals;
    for (auto& cell : cells) {
        if (!cell.impossible.empty()) continue;
        attempt_order order;
        order.load = cell.load;
        order.longest = cell.longest;
        const auto needs = needs_of(order, cluster_);
        const auto [refusal, is_new] = refusals.try_emplace(needs);
        if (is_new) {
            refusal->second = refusal_of(needs);
            if (!refusal->second.empty()) say(refusal->second);
        }
        cell.impossible = refusal->second;
    }
}

std::unique_ptr<attempt_executor> slurm_night_executor::begin(boost::asio::any_io_executor executor,
                                                              night_directory& night,
                                                              message_sink say) const {
    return std::make_unique<slurm_executor>(std::move(executor), cluster_, night, std::move(say));
}

}  // namespace qh
