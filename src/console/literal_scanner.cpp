#include "console/literal_scanner.hpp"

#include "build_config.hpp"

#if QHARNESS_HAS_VECTORSCAN
#include <hs.h>
#endif

namespace qh {

#if QHARNESS_HAS_VECTORSCAN

struct literal_scanner::database {
    ~database() {
        hs_free_scratch(scratch);
        hs_free_database(words);
    }
    hs_database_t* words = nullptr;
    hs_scratch_t* scratch = nullptr;
};

std::optional<literal_scanner> literal_scanner::make(const std::vector<std::string>& words) {
    static const bool supported = hs_valid_platform() == HS_SUCCESS;
    if (!supported) return std::nullopt;
    std::vector<const char*> texts;
    std::vector<unsigned> flags, ids;
    std::vector<std::size_t> lengths;
    for (const auto& word : words) {
        ids.push_back(static_cast<unsigned>(texts.size()));
        texts.push_back(word.data());
        lengths.push_back(word.size());
        flags.push_back(HS_FLAG_CASELESS);
    }
    auto compiled = std::make_unique<database>();
    hs_compile_error_t* refused = nullptr;
    // Block mode: what streaming keeps between calls is not needed where whole lines are scanned,
    // and what a line was before it was redrawn must not count.
    hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), lengths.data(),
                         static_cast<unsigned>(texts.size()), HS_MODE_BLOCK, nullptr,
                         &compiled->words, &refused);
    hs_free_compile_error(refused);
    if (refused || hs_alloc_scratch(compiled->words, &compiled->scratch) != HS_SUCCESS)
        return std::nullopt;
    return literal_scanner(std::move(compiled));
}

bool literal_scanner::scan(std::string_view text,
                           const std::function<void(std::size_t, std::size_t)>& on_word) const {
    using callback = std::function<void(std::size_t, std::size_t)>;
    return hs_scan(
               database_->words, text.data(), static_cast<unsigned>(text.size()), 0,
               database_->scratch,
               [](unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
                   (*static_cast<const callback*>(context))(id, to);
                   return 0;
               },
               const_cast<callback*>(&on_word)) == HS_SUCCESS;
}

#else

struct literal_scanner::database {};

std::optional<literal_scanner> literal_scanner::make(const std::vector<std::string>&) {
    return std::nullopt;
}

bool literal_scanner::scan(std::string_view,
                           const std::function<void(std::size_t, std::size_t)>&) const {
    return false;
}

#endif

literal_scanner::literal_scanner(std::unique_ptr<database> words) : database_(std::move(words)) {}
literal_scanner::~literal_scanner() = default;
literal_scanner::literal_scanner(literal_scanner&&) noexcept = default;
literal_scanner& literal_scanner::operator=(literal_scanner&&) noexcept = default;

}  // namespace qh
