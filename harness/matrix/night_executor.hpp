// The places where a night's attempts can run, each known by its name.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "matrix/attempt_executor.hpp"
#include "matrix/scheduler.hpp"

namespace qh {

class night_directory;
struct night_cell;

/// Takes a line for a person.
using message_sink = std::function<void(const std::string&)>;

/// Chosen before a night; once that begins, it hands out what makes the attempts.
class night_executor {
  public:
    virtual ~night_executor() = default;

    /// What options and the night's plan call it.
    virtual std::string_view name() const = 0;

    /// What may run at a time. `jobs` is how many cells the user wants; 0: as many as there is room
    /// for.
    virtual scheduler_limits limits(std::size_t jobs) const = 0;

    /// Throws an infrastructure error where nothing can run there now. To be called before the
    /// functions below.
    virtual void connect() = 0;

    /// Marks the cells that could never run there with why. `say` gets each reason once.
    virtual void refuse_impossible(std::vector<night_cell>& cells,
                                   const message_sink& say) const = 0;

    /// Throws an infrastructure error where it cannot find out what goes on of an earlier part of
    /// the night.
    virtual std::unique_ptr<attempt_executor> begin(boost::asio::any_io_executor executor,
                                                    night_directory& night,
                                                    message_sink say) const = 0;
};

/// This host: where cells run unless something else is asked for, and so in no plan.
inline constexpr std::string_view default_executor = "local";

/// The names that make_executor() knows.
std::vector<std::string> executor_names();

/// Throws a usage error, with the names that there are, for an unknown one.
std::unique_ptr<night_executor> make_executor(std::string_view name);

}  // namespace qh
