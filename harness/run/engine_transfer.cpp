// Steps that bring a user into the guest, files into and out of it, and the guest down and up
// again.
#include "base/text.hpp"
#include "run/engine.hpp"
#include "run/guest/exit_text.hpp"

namespace qh {

void engine::advance_login(const login_step& login, time_point now) {
    if (!std::exchange(command_begun_, true)) {
        login_ = {filled(login.user), filled(login.password)};
        console_.expect(login_dialog::patterns());
        settle_deadline_ = now;
    }
    if (shell_.ready()) return pass_step(now);
    if (!shell_.problem().empty())
        return fail_step(run_outcome::infra_error, shell_.problem(), now);
    if (login_.may_be_in() && boot_.prompt_deadline() && now >= *boot_.prompt_deadline())
        shell_.open(now);
    else if (!login_.may_be_in())
        nudge(now);
}

void engine::answer_login(const expectation::match& match, time_point now) {
    const auto typing = login_.answer(match);
    if (!login_.problem().empty()) return fail_step(run_outcome::failed, login_.problem(), now);
    type(typing);
    console_.expect(login_dialog::patterns());
}

void engine::advance_transfer(time_point now) {
    if (!std::exchange(command_begun_, true)) {
        const auto* upload = std::get_if<upload_step>(&current().action);
        if (upload && !upload->unusable.empty())
            return fail_step(run_outcome::failed, upload->unusable, now);
        transfer_ = upload ? make_upload(*upload, filled(upload->to), scenario_.secrets)
                           : make_download(filled(std::get<download_step>(current().action).from));
        if (!transfer_->done()) execute(transfer_->next_command(), now);
    }
    if (!shell_.problem().empty())
        return fail_step(run_outcome::infra_error, shell_.problem(), now);
    while (!transfer_->done()) {
        const auto result = shell_.take_result();
        if (!result) return;
        transfer_->on_result(*result);
        if (!transfer_->done()) execute(transfer_->next_command(), now);
    }
    finish_transfer(now);
}

void engine::finish_transfer(time_point now) {
    const auto transfer = std::move(transfer_);
    console_.read_all();
    json details = json::object();
    if (!transfer->problem().empty())
        return fail_step(run_outcome::failed, transfer->problem(), now, std::move(details));
    details["bytes"] = transfer->arrived().size_bytes;
    details["sha256"] = transfer->arrived().sha256;
    if (const auto* download = std::get_if<download_step>(&current().action))
        details["file"] = machine_.keep_file(filled(download->name), transfer->content());
    pass_step(now, std::move(details));
}

/// First the guest is told; from QEMU's word of the reset on, it is a boot like any other.
void engine::advance_reboot(const reboot_step& reboot, time_point now) {
    if (!std::exchange(command_begun_, true)) {
        rebooting_ = true;
        console_.expect_reboot();
        execute("sync; reboot || [ $? -gt 128 ] || reboot -f", now);
    }
    if (!rebooting_) return advance_boot(reboot.until, now);
    if (!shell_.problem().empty())
        return fail_step(run_outcome::infra_error, shell_.problem(), now);
    const auto result = shell_.take_result();
    if (result && is_refusal(result->status))
        fail_step(run_outcome::failed, "the guest cannot reboot: " + status_text(result->status),
                  now, {{"output", printable(result->output)}});
}

/// The machine begins anew, with nobody logged in and no interpreter.
void engine::begin_anew(time_point now) {
    rebooting_ = false;
    console_.on_reset();
    shell_ = guest_shell(options_.random_word, scenario_.machine.channel);
    boot_ = {};
    emit("rebooted", json::object(), now);
}

void engine::execute(std::string code, time_point now) {
    shell_.execute({command_step::language::shell, std::move(code)}, now);
}

}  // namespace qh
