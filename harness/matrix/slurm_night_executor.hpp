// Slurm as the place where a night runs.
#pragma once

#include "matrix/night_executor.hpp"
#include "matrix/slurm_batch.hpp"

namespace qh {

class slurm_night_executor : public night_executor {
  public:
    static constexpr std::string_view own_name = "slurm";

    std::string_view name() const override { return own_name; }
    /// Who has room for what is Slurm's to know, so only `jobs` limits.
    scheduler_limits limits(std::size_t jobs) const override;
    /// Asks what the cluster has.
    void connect() override;
    /// Asks Slurm of each distinct need, in whose words the reasons are.
    void refuse_impossible(std::vector<night_cell>& cells, const message_sink& say) const override;
    std::unique_ptr<attempt_executor> begin(boost::asio::any_io_executor executor,
                                            night_directory& night,
                                            message_sink say) const override;

  private:
    slurm_cluster cluster_;
};

}  // namespace qh
