# A first program that uses a vector register: SIGILL on a hart without V. With V it sleeps.
    .globl _start
_start:
    vsetvli t0, zero, e8, m1, ta, ma
    vmv.v.i v0, 0
sleep:
    la a0, forever
    li a1, 0
    li a7, 101                  # nanosleep
    ecall
    j sleep

    .section .rodata
    .align 3
forever: .quad 1000000, 0
