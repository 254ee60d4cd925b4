// A night for KCIDB, the Linux kernel's common database of test results.
#pragma once

#include <string>

#include "base/json.hpp"
#include "matrix/night_result.hpp"

namespace qh {

/// Whether KCIDB takes this as the name of a system that reports: `[a-z0-9_]+`.
bool is_kcidb_origin(const std::string& origin);

/// The night as a report of KCIDB's schema 5.3, under this origin. Each kernel that booted is a
/// checkout, with each image a build; a cell is a test "<matrix>.<scenario>", each of its steps one
/// below it, with the tests of a program (KTAP, TAP) below that; a boot is below "boot"; a
/// measurement is a test whose status is DONE and whose number it is. An infrastructure error, and
/// what was not run because of one, is MISS. A failure that is expected or in quarantine is FAIL
/// with an issue that says why. Excerpts are at most 16384 bytes.
json kcidb_report(const night_result& night, const std::string& origin);

}  // namespace qh
