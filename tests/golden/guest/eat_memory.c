/* Asks for memory and writes to it until there is no more. */
#define MAP_PRIVATE_ANONYMOUS 0x22
#define CHUNK (1UL << 20)

static long map(unsigned long size) {
    register long a0 __asm__("a0") = 0, a1 __asm__("a1") = (long)size, a2 __asm__("a2") = 3;
    register long a3 __asm__("a3") = MAP_PRIVATE_ANONYMOUS, a4 __asm__("a4") = -1, a5 __asm__("a5") = 0;
    register long a7 __asm__("a7") = 222;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7) : "memory");
    return a0;
}

void _start(void) {
    for (;;) {
        volatile char *chunk = (volatile char *)map(CHUNK);
        if ((long)chunk < 0 && (long)chunk > -4096) continue;
        for (unsigned long place = 0; place < CHUNK; place += 4096) chunk[place] = 1;
    }
}
