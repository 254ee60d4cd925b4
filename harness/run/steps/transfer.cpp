#include "run/steps/transfer.hpp"

namespace qh {

void running_transfer::begin_transfer(std::unique_ptr<file_transfer> transfer, guest& on) {
    transfer_ = std::move(transfer);
    if (!transfer_->done()) on.execute(transfer_->next_command());
}

std::optional<step_end> running_transfer::advance(guest& on) {
    if (auto end = shell_problem(on)) return end;
    while (!transfer_->done()) {
        const auto result = on.shell.take_result();
        if (!result) return std::nullopt;
        transfer_->on_result(*result);
        if (!transfer_->done()) on.execute(transfer_->next_command());
    }
    on.console.read_all();
    if (!transfer_->problem().empty())
        return step_end::failed(run_outcome::failed, transfer_->problem());
    json details = {{"bytes", transfer_->arrived().size_bytes},
                    {"sha256", transfer_->arrived().sha256}};
    on_arrived(*transfer_, details, on);
    return step_end::passed(std::move(details));
}

}  // namespace qh
