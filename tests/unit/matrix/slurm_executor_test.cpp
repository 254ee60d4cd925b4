// Between the desk and Slurm's commands, which are scripts here.
#include "matrix/slurm_executor.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/text.hpp"
#include "support/fake_programs.hpp"

namespace qh {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class slurm_executor_test : public test::with_fake_programs {
  protected:
    /// squeue tells the file "queue"; what scancel is told is added to the file "cancelled".
    slurm_executor_test() {
        program("sbatch", "echo 17");
        program("squeue", "cat queue");
        program("scancel", "echo \"$@\" >>cancelled\n" + std::string(cancel_all));
    }

    static constexpr const char* cancel_all = "sed -i s/RUNNING/CANCELLED/ queue";

    /// The queue has the tasks of the first batch in these states.
    void queue(const std::vector<std::string>& states) {
        std::string lines;
        for (std::size_t i = 0; i < states.size(); ++i)
            lines +=
                fmt::format("{};{};17;{};node1;None\n",
                            job_name(night.plan()["night"].get<std::string>(), 0), i, states[i]);
        write("queue", lines);
    }

    /// Orders attempts at cells of these names and waits for all that comes of it; a fault's
    /// words stand as a reason.
    std::map<std::string, cell_attempt> run(const std::vector<std::string>& cells) {
        executor.emplace(context.get_executor(), slurm_cluster{"", 8, 1000}, night,
                         [this](const std::string& text) { on_message(text); });
        std::map<std::string, cell_attempt> attempts;
        for (const auto& cell : cells)
            asio::co_spawn(context, executor->run(order_of(cell)),
                           [&attempts, cell](std::exception_ptr fault, cell_attempt attempt) {
                               if (fault) attempt.reason = words_of(fault);
                               attempts[cell] = std::move(attempt);
                           });
        context.run();
        return attempts;
    }

    attempt_order order_of(const std::string& cell) const {
        attempt_order order;
        order.cell = cell;
        order.longest = std::chrono::minutes(10);
        order.argv = {"qharness", "run"};
        order.folder = folder() / cell;
        order.log = folder() / (cell + ".log");
        return order;
    }

    static std::string words_of(std::exception_ptr fault) {
        try {
            std::rethrow_exception(fault);
        } catch (const std::exception& e) {
            return e.what();
        }
    }

    std::vector<std::string> cancelled() const {
        const auto text = read_file(folder() / "cancelled");
        std::vector<std::string> lines;
        for (const auto line : split_lines(text)) lines.emplace_back(line);
        return lines;
    }

    night_directory night = night_directory::make(folder() / "runs", {{"name", "m"}});
    std::function<void(const std::string&)> on_message = [](const std::string&) {};
    asio::io_context context{1};
    std::optional<slurm_executor> executor;
};

TEST_F(slurm_executor_test, an_attempt_that_cannot_be_read_is_nothing_to_the_others) {
    queue({"COMPLETED", "TIMEOUT", "COMPLETED"});
    fs::create_directories(folder() / "damaged/run/result.json");
    fs::create_directory(nodes_file(folder() / "lost"));
    write("good/run/result.json", R"({"outcome": "passed"})");
    const auto attempts = run({"damaged", "lost", "good"});
    EXPECT_EQ(attempts.at("damaged").outcome, run_outcome::infra_error);
    EXPECT_THAT(attempts.at("damaged").reason, HasSubstr("cannot read"));
    EXPECT_EQ(attempts.at("lost").outcome, run_outcome::infra_error);
    EXPECT_THAT(attempts.at("lost").reason, HasSubstr("TIMEOUT on node1; cannot read"));
    EXPECT_EQ(attempts.at("good").outcome, run_outcome::passed);
}

TEST_F(slurm_executor_test, asks_again_for_what_slurm_did_not_take) {
    queue({"RUNNING"});
    program("scancel", fmt::format("echo \"$@\" >>cancelled\ntest -e tried || "
                                   "{{ touch tried; exit 1; }}\n{}",
                                   cancel_all));
    on_message = [this](const std::string&) { executor->interrupt(); };
    EXPECT_EQ(run({"a"}).at("a").outcome, run_outcome::interrupted);
    EXPECT_THAT(cancelled(), ElementsAre("--signal=INT --batch 17_0", "--signal=INT --batch 17_0"));
}

TEST_F(slurm_executor_test, a_fault_of_ours_leaves_no_job_running) {
    queue({"RUNNING"});
    on_message = [](const std::string&) { throw std::runtime_error("nobody listens"); };
    EXPECT_EQ(run({"a"}).at("a").reason, "nobody listens");
    EXPECT_THAT(cancelled(), ElementsAre("--signal=INT --batch 17_0"));
}

}  // namespace
}  // namespace qh
