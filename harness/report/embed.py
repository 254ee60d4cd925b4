#!/usr/bin/env python3
"""Makes page_assets.cpp: embed.py OUTPUT PAGE_HTML PAGE_CSS SCRIPT…"""

import pathlib
import sys


def literal(files):
    text = "".join(pathlib.Path(file).read_text(encoding="utf-8") for file in files)
    return f'R"asset({text})asset"'


output, form, style, *scripts = sys.argv[1:]
pathlib.Path(output).write_text(
    f"""#include "report/page_assets.hpp"

namespace qh {{

const std::string_view page_form = {literal([form])};
const std::string_view page_style = {literal([style])};
const std::string_view page_script = {literal(scripts)};

}}  // namespace qh
""", encoding="utf-8")
