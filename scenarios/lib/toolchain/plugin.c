// A shared library with a variable, a constructor, and a function that the program calls by its name.
static int loaded;
int plugin_calls = 5;

__attribute__((constructor)) static void on_load(void) {
    loaded = 37;
}

int plugin_answer(int x) {
    return x * ++plugin_calls + loaded;
}
