/* Writes where nothing is mapped: SIGSEGV. */
void _start(void) { *(volatile int *)0x1234 = 1; }
