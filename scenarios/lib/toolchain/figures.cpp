// C++ that needs its run-time library: exceptions, threads, streams, types at run time.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <future>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <typeinfo>
#include <vector>

static int destroyed = 0;

struct guard {
    ~guard() { ++destroyed; }
};

struct failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

[[gnu::noinline]] static int thrower(int depth) {
    guard g;
    if (depth == 0) throw failure("deep");
    return thrower(depth - 1) + 1;
}

static void exceptions() {
    std::string said;
    try {
        try {
            thrower(20);
        } catch (const std::logic_error&) {
            said = "wrong type";
        }
    } catch (const std::exception& e) {
        said = e.what();
    }
    std::exception_ptr kept;
    std::thread([&kept] {
        try {
            std::vector<int>(3).at(7) = 1;
        } catch (...) {
            kept = std::current_exception();
        }
    }).join();
    bool range = false;
    try {
        std::rethrow_exception(kept);
    } catch (const std::out_of_range&) {
        range = true;
    }
    std::cout << "exceptions " << said << ' ' << destroyed << ' ' << range << '\n';
}

static void threads() {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<int> queue;
    long sum = 0;
    std::thread consumer([&] {
        for (int taken = 0; taken < 1000; ++taken) {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return !queue.empty(); });
            sum += queue.front();
            queue.pop_front();
        }
    });
    for (int i = 1; i <= 1000; ++i) {
        std::lock_guard lock(mutex);
        queue.push_back(i);
        changed.notify_one();
    }
    consumer.join();
    auto later = std::async(std::launch::async, [] { return std::string("from another thread"); });
    std::once_flag once;
    int called = 0;
    std::vector<std::thread> group;
    for (int i = 0; i < 4; ++i) group.emplace_back([&] { std::call_once(once, [&] { ++called; }); });
    for (auto& t : group) t.join();
    std::cout << "threads " << sum << ' ' << called << ' ' << later.get() << '\n';
}

struct shape {
    virtual ~shape() = default;
    virtual double area() const = 0;
};
struct square : shape {
    explicit square(double s) : side(s) {}
    double area() const override { return side * side; }
    double side;
};
struct circle : shape {
    double area() const override { return 3.140625; }
};

static void types() {
    std::vector<std::unique_ptr<shape>> all;
    all.push_back(std::make_unique<square>(1.5));
    all.push_back(std::make_unique<circle>());
    int squares = 0;
    double area = 0;
    for (const auto& s : all) {
        area += s->area();
        squares += dynamic_cast<const square*>(s.get()) != nullptr;
    }
    const shape& first = *all[0];
    std::cout << "types " << squares << ' ' << area << ' ' << (typeid(first) == typeid(square)) << '\n';
}

static void library() {
    std::map<std::string, int> words;
    std::istringstream text("to be or not to be that is the question to be");
    for (std::string word; text >> word;) ++words[word];
    std::vector<unsigned> numbers(5000);
    unsigned x = 1;
    for (auto& n : numbers) n = x = x * 1664525u + 1013904223u;
    std::stable_sort(numbers.begin(), numbers.end());
    const auto parity = std::accumulate(numbers.begin(), numbers.end(), 0u, [](unsigned a, unsigned b) { return a * 31 + b; });
    std::cout << "library " << words["be"] << ' ' << words.size() << ' '
              << std::is_sorted(numbers.begin(), numbers.end()) << ' ' << parity << '\n';
    std::cout << "streams " << std::hex << 255 << std::dec << ' ' << std::setprecision(17) << 0.1 << ' '
              << std::fixed << std::setprecision(2) << 2.0 / 3 << ' ' << std::stod("1e-3") << ' '
              << std::setw(5) << std::setfill('*') << 42 << '\n';
    const auto before = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::cout << "clock " << (std::chrono::steady_clock::now() - before >= std::chrono::milliseconds(20)) << '\n';
}

int main() {
    exceptions();
    threads();
    types();
    library();
}
