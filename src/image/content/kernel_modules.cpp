#include "image/content/kernel_modules.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/files.hpp"
#include "base/text.hpp"
#include "image/read/archive_handles.hpp"
#include "process/tool.hpp"
#include "process/tool_path.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

constexpr const char* depmod = "depmod";

/// As lsmod has it: "kernel/lib/crc-itu-t.ko.xz" gives "crc_itu_t".
std::string module_name(const fs::path& file) {
    std::string name = file.filename().string();
    name.erase(std::min(name.find(".ko"), name.size()));
    std::ranges::replace(name, '-', '_');
    return name;
}

std::string read_decompressed(const fs::path& path) {
    const std::string what = "cannot read " + path.string();
    archive_reader reader(archive_read_new());
    archive_read_support_filter_xz(reader.get());
    archive_read_support_filter_zstd(reader.get());
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_format_raw(reader.get());
    check_archive(archive_read_open_filename(reader.get(), path.c_str(), 1 << 16), reader.get(),
                  what);
    archive_entry* entry = nullptr;
    check_archive(archive_read_next_header(reader.get(), &entry), reader.get(), what);
    std::string content;
    std::string_view block;
    while (next_block(reader.get(), block, what)) content += block;
    return content;
}

std::map<std::string, fs::path> modules_below(const fs::path& folder) {
    std::map<std::string, fs::path> modules;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().filename().string().find(".ko") != std::string::npos)
            modules.emplace(module_name(entry.path()), entry.path());
    return modules;
}

std::set<std::string> built_in_modules(const fs::path& kernel_folder) {
    const std::string list = read_file(kernel_folder / "modules.builtin");
    std::set<std::string> names;
    for (const auto line : split_lines(list)) names.insert(module_name(fs::path(line)));
    return names;
}

/// Depth first, so that dependencies come out before what needs them.
class load_order {
  public:
    explicit load_order(
        const std::function<std::vector<std::string>(const std::string&)>& dependencies_of)
        : dependencies_of_(dependencies_of) {}

    void add(const std::string& name) {
        if (std::ranges::find(order_, name) != order_.end()) return;
        if (!open_.insert(name).second)
            throw infrastructure_error("the kernel module {} depends on itself", name);
        for (const auto& dependency : dependencies_of_(name)) add(dependency);
        open_.erase(name);
        order_.push_back(name);
    }

    std::vector<std::string> take() { return std::move(order_); }

  private:
    const std::function<std::vector<std::string>(const std::string&)>& dependencies_of_;
    std::vector<std::string> order_;
    std::set<std::string> open_;
};

}  // namespace

std::vector<std::string> module_dependencies(std::string_view module_bytes) {
    // .modinfo holds NUL-terminated `key=value` strings; nothing else in a module has this one.
    constexpr std::string_view key("\0depends=", 9);
    const auto start = module_bytes.find(key);
    if (start == std::string_view::npos) return {};
    auto value = module_bytes.substr(start + key.size());
    value = value.substr(0, value.find('\0'));
    std::vector<std::string> names;
    while (!value.empty()) {
        const auto comma = std::min(value.find(','), value.size());
        names.push_back(module_name(fs::path(value.substr(0, comma))));
        value.remove_prefix(std::min(comma + 1, value.size()));
    }
    return names;
}

std::vector<std::string> module_load_order(
    const std::vector<std::string>& wanted,
    const std::function<std::vector<std::string>(const std::string&)>& dependencies_of) {
    load_order order(dependencies_of);
    for (const auto& name : wanted) order.add(module_name(fs::path(name)));
    return order.take();
}

std::vector<kernel_module> load_kernel_modules(const fs::path& kernel_folder,
                                               const std::vector<std::string>& wanted) {
    const auto files = modules_below(kernel_folder);
    const auto built_in = built_in_modules(kernel_folder);
    std::map<std::string, std::string> contents;
    const auto names = module_load_order(wanted, [&](const std::string& name) {
        if (built_in.contains(name)) return std::vector<std::string>();
        const auto file = files.find(name);
        if (file == files.end())
            throw usage_error("the kernel {} has no module {}", kernel_folder.filename().string(),
                              name);
        return module_dependencies(contents[name] = read_decompressed(file->second));
    });
    std::vector<kernel_module> modules;
    for (const auto& name : names)
        if (const auto found = contents.find(name); found != contents.end())
            modules.push_back({name, std::move(found->second)});
    return modules;
}

bool is_kernel_package(const std::string& name) {
    return name.starts_with("linux-image-");
}

void check_module_tools() {
    require_tool(depmod);
}

void index_kernel_modules(const fs::path& tree, const build_options& options) {
    std::error_code absent;
    for (const auto& kernel : fs::directory_iterator(tree / "usr/lib/modules", absent)) {
        tool_command command;
        command.argv = {depmod, "-b", tree, kernel.path().filename()};
        command.stop = options.stop;
        run_tool(command);
    }
}

}  // namespace qh
