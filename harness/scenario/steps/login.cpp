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
        problem_list problems;
        problems.attempt([&] { step.user = login.text("user"); });
        problems.attempt([&] { step.password = login.text("password", ""); });
        problems.attempt([&] { refuse_line_breaks(login, "user", step.user); });
        problems.attempt([&] { refuse_line_breaks(login, "password", step.password); });
        login.finish(problems);
        problems.throw_all();
    }
    if (step.user.empty()) throw object.problem("login", "a login needs a user");
}

}  // namespace qh
