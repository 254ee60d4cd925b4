// Attempts as tasks of Slurm's job arrays.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <exception>
#include <map>
#include <optional>
#include <utility>

#include "matrix/night_directory.hpp"
#include "matrix/night_executor.hpp"
#include "matrix/slurm_desk.hpp"

namespace qh {

/// Carries between `slurm_desk` and Slurm's commands. The night's folder, the program, the images
/// and QEMU must be at the same places on all nodes. A batch is in the night's journal before it is
/// submitted, and its job's name says which it is: so its tasks are found again after we were
/// killed, while they go on.
class slurm_executor : public attempt_executor {
  public:
    /// Throws an infrastructure error where the night has been submitted in part before and Slurm
    /// does not tell what has become of it.
    slurm_executor(boost::asio::any_io_executor executor, const slurm_cluster& cluster,
                   night_directory& night, message_sink say);

    boost::asio::awaitable<cell_attempt> run(attempt_order order) override;
    bool has_begun(const attempt_order& order) const override;
    void withdraw() override;
    void interrupt() override;
    void kill() override;

  private:
    using attempt_key = std::pair<std::string, std::size_t>;  ///< cell and number
    struct task_place {
        unsigned batch;
        std::size_t index;
        bool known;  ///< Slurm has it, and nobody has cancelled it
    };
    struct waiter {
        boost::asio::steady_timer done;
        std::optional<cell_attempt> result;
    };

    void find_earlier_tasks();
    void start_work();
    boost::asio::awaitable<void> work();
    boost::asio::awaitable<void> submit(const slurm_batch& batch);
    boost::asio::awaitable<void> look();
    /// Whether Slurm has done it; the desk asks again for what it has not.
    boost::asio::awaitable<bool> cancel(std::vector<std::string> command,
                                        const std::vector<std::string>& ids);
    boost::asio::awaitable<std::string> call(std::vector<std::string> argv);
    boost::asio::awaitable<void> pause(Duration duration);
    void deliver();
    void fail(std::exception_ptr cause);

    boost::asio::any_io_executor executor_;
    slurm_cluster cluster_;
    night_directory& night_;
    message_sink say_;
    std::string name_;
    std::map<attempt_key, task_place> earlier_;
    slurm_desk desk_;
    boost::asio::thread_pool commands_{1};  ///< where Slurm's commands are waited for
    boost::asio::steady_timer wake_;
    std::map<attempt_key, waiter*> waiters_;
    bool working_ = false;
    std::exception_ptr fault_;
};

}  // namespace qh
