// Figures over the past nights.
#include <map>
#include <string>
#include <vector>

#include "history/history.hpp"
#include "history/sqlite.hpp"

namespace qh {
namespace {

struct series {
    std::string unit;
    json points = json::array();
};
/// cell → figure → values
using all_series = std::map<std::string, std::map<std::string, series>>;

/// The names of the nights that trends show, the oldest first, and when they started.
std::vector<std::pair<std::string, std::string>> recent_nights(const SQLite::Database& from,
                                                               const night_result& night,
                                                               int most) {
    SQLite::Statement rows(
        from,
        "SELECT night, started FROM nights WHERE matrix = ? AND started <= ? AND night <> ? "
        "ORDER BY started DESC, rowid DESC LIMIT ?");
    SQLite::bind(rows, night.matrix, night.started, night.name, most);
    std::vector<std::pair<std::string, std::string>> nights;
    while (rows.executeStep())
        nights.insert(nights.begin(),
                      {rows.getColumn(0).getString(), rows.getColumn(1).getString()});
    return nights;
}

class trend_builder {
  public:
    explicit trend_builder(const night_result& night) {
        for (const auto& cell : night.cells) fingerprints_[cell.what.name] = fingerprint_of(cell);
    }

    void add(std::size_t at, const std::string& cell, const std::string& fingerprint,
             const std::string& figure, const std::string& unit, double value) {
        const auto tonight = fingerprints_.find(cell);
        if (tonight == fingerprints_.end()) return;
        auto& found = all_[cell][figure];
        found.unit = unit;
        found.points.push_back({at, value, tonight->second == fingerprint ? 1 : 0});
    }

    void add_stored(const SQLite::Database& from, std::size_t at, const std::string& night) {
        SQLite::Statement runs(
            from, "SELECT cell, fingerprint, seconds, status FROM runs WHERE night = ?");
        runs.bind(1, night);
        while (runs.executeStep()) {
            const auto status = enum_named<cell_status>(runs.getColumn(3).getString());
            if (status && guest_decided(*status))
                add(at, runs.getColumn(0), runs.getColumn(1), whole_cell, "s", runs.getColumn(2));
        }
        SQLite::Statement figures(
            from,
            "SELECT cell, fingerprint, name, unit, value FROM measurements JOIN runs ON "
            "runs.id = run WHERE night = ?");
        figures.bind(1, night);
        while (figures.executeStep())
            add(at, figures.getColumn(0), figures.getColumn(1), figures.getColumn(2),
                figures.getColumn(3), figures.getColumn(4));
    }

    void add_tonight(std::size_t at, const night_result& night) {
        for (const auto& cell : night.cells) {
            const auto& name = cell.what.name;
            const auto& print = fingerprints_.at(name);
            if (guest_decided(cell.status)) add(at, name, print, whole_cell, "s", cell.seconds);
            for (const auto& one : cell.run.measurements())
                if (one.value) add(at, name, print, one.name, one.unit, *one.value);
        }
    }

    json cells() const {
        json cells = json::object();
        for (const auto& [cell, figures] : all_)
            for (const auto& [name, found] : figures)
                cells[cell].push_back(
                    {{"name", name}, {"unit", found.unit}, {"points", found.points}});
        return cells;
    }

  private:
    static constexpr auto whole_cell = "whole cell";

    std::map<std::string, std::string> fingerprints_;
    all_series all_;
};

}  // namespace

json history::trends(const night_result& night) const {
    constexpr int past_nights = 19;
    trend_builder built(night);
    json starts = json::array();
    with_database(file_, [&] {
        for (const auto& [name, started] : recent_nights(database_, night, past_nights)) {
            built.add_stored(database_, starts.size(), name);
            starts.push_back(started);
        }
    });
    built.add_tonight(starts.size(), night);
    starts.push_back(night.started);
    return {{"nights", starts}, {"cells", built.cells()}};
}

}  // namespace qh
