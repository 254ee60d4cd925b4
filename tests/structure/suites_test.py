"""suites_test.py PROGRAM FILTER…: each test of the program is matched by exactly one filter."""
import collections
import subprocess
import sys


def tests_matched(program, pattern):
    """Full names of the tests that a --gtest_filter selects."""
    listing = subprocess.run([program, "--gtest_list_tests", "--gtest_filter=" + pattern], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
    names, suite = [], ""
    for line in listing.splitlines():
        word = line.split("#")[0].strip()
        if line.startswith("  "):
            names.append(suite + word)
        elif word.endswith("."):
            suite = word
    return names


def main(program, *filters):
    selected_by = collections.defaultdict(list)
    for pattern in filters:
        for name in tests_matched(program, pattern):
            selected_by[name].append(pattern)
    tests = tests_matched(program, "*")
    problems = [f"no suite of the build definition runs {name}" for name in tests if name not in selected_by]
    problems += [f"{name} runs more than once: {', '.join(patterns)}"
                 for name, patterns in selected_by.items() if len(patterns) > 1]
    problems += [] if tests else [f"{program} lists no tests"]
    print("\n".join(problems) or f"{len(tests)} tests are each in one of {len(filters)} suites")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
