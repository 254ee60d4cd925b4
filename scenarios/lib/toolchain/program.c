// Calls the library it is linked with, or with an argument the one it loads by name.
#include <dlfcn.h>
#include <stdio.h>

int plugin_answer(int x);

int main(int count, char** arguments) {
    if (count == 1) {
        printf("linked %d\n", plugin_answer(10));
        return 0;
    }
    void* library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        printf("dlopen: %s\n", dlerror());
        return 1;
    }
    int (*answer)(int) = (int (*)(int))dlsym(library, "plugin_answer");
    int* calls = (int*)dlsym(library, "plugin_calls");
    if (!answer || !calls) return 2;
    *calls = 20;
    const int result = answer(10);
    printf("loaded %d %d\n", result, *calls);
    return dlclose(library);
}
