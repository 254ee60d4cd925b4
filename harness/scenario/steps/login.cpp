#include "scenario/steps/login.hpp"

#include "scenario/steps/step_reading.hpp"

namespace qh {

void read(step_reading& from, login_step& step) {
    auto& object = from.object;
    if (object.value("login").is_string()) {
        step.user = object.text("login");
        refuse_line_breaks(object, "login", step.user);
    } else {
        object_reader login(from.document, object.path_of("login"), "\"login\"");
        step.user = login.text("user");
        step.password = login.text("password", "");
        refuse_line_breaks(login, "user", step.user);
        refuse_line_breaks(login, "password", step.password);
        login.finish();
    }
    if (step.user.empty()) throw object.problem("login", "a login needs a user");
}

}  // namespace qh
