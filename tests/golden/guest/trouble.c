/*
 * A kernel module that gets the kernel into trouble as soon as it is loaded: -DTROUBLE names the
 * function below that does it. It is compiled without the kernel's headers (recorder/guest_binaries.py).
 */

typedef unsigned long size_t;
typedef unsigned long long u64;

extern int _printk(const char *format, ...);
extern void panic(const char *format, ...) __attribute__((noreturn));
extern void __stack_chk_fail(void);
extern void *__kmalloc_noprof(size_t size, unsigned flags);
extern void kfree(const void *place);
extern unsigned long get_free_pages_noprof(unsigned flags, unsigned order);
extern void free_pages(unsigned long place, unsigned order);
extern void *ioremap_prot(unsigned long physical, size_t size, unsigned long protection);
extern void __check_object_size(const void *place, unsigned long size, _Bool to_user);
extern _Bool __list_add_valid_or_report(void *added, void *before, void *after);
extern void refcount_warn_saturate(void *count, int kind);
extern long schedule_timeout_uninterruptible(long jiffies);
extern long schedule_timeout_interruptible(long jiffies);
extern void _raw_spin_lock(void *lock);
extern void _raw_spin_lock_bh(void *lock);
extern void tasklet_init(void *tasklet, void (*run)(unsigned long), unsigned long data);
extern void __tasklet_schedule(void *tasklet);
extern void *kthread_create_on_node(int (*run)(void *), void *data, int node, const char *name, ...);
extern void kthread_bind(void *thread, unsigned hart);
extern int wake_up_process(void *thread);

#define GFP_KERNEL 0xcc0
#define GFP_ATOMIC 0x820
#define NEVER 0x7fffffffffffffffL
#define TIMEBASE_HZ 10000000UL /* of QEMU's virt machine */
#define UNUSED __attribute__((unused))

/* What the kernel's BUG() and WARN() compile to: an ebreak, and an entry that says where and which. */
#define BREAKPOINT(flags)                                                               \
    __asm__ volatile("1:\n\tebreak\n"                                                   \
                     ".pushsection __bug_table,\"aw\"\n\t.align 2\n"                    \
                     "\t.word 1b - .\n\t.word %0 - .\n\t.half %1\n\t.half %2\n"              \
                     ".popsection" ::"i"("trouble.c"), "i"(__LINE__), "i"(flags))
#define IS_WARNING (1 | 9 << 8) /* BUGFLAG_WARNING, BUGFLAG_TAINT(TAINT_WARN) */

static unsigned long read_time(void) {
    unsigned long time;
    __asm__ volatile("rdtime %0" : "=r"(time));
    return time;
}

static void spin(unsigned long seconds) {
    unsigned long end = read_time() + seconds * TIMEBASE_HZ;
    while (read_time() < end) {
    }
}

/* ---- Oopses */

static UNUSED void read_from(unsigned long address) { (void)*(volatile u64 *)address; }
static UNUSED void write_to(unsigned long address) { *(volatile u64 *)address = 1; }

static UNUSED void read_null(void) { read_from(8); }
static UNUSED void write_null(void) { write_to(0); }
static UNUSED void read_unmapped(void) { read_from(0xffffffc800dead00UL); }
static UNUSED void write_read_only(void) { write_to((unsigned long)&_printk & ~7UL); }
static UNUSED void jump_to_null(void) { ((void (*)(void))0)(); }
static UNUSED void illegal_instruction(void) { __asm__ volatile("unimp"); }
/* A hole in the machine's physical address space. */
static UNUSED void load_access_fault(void) { read_from((unsigned long)ioremap_prot(0x08000000, 4096, 0xe7)); }

static UNUSED int thread_reads_null(void *data) {
    (void)data;
    spin(1);
    read_from(8);
    return 0;
}

static UNUSED void start_thread(int (*run)(void *), unsigned hart, void *data) {
    void *thread = kthread_create_on_node(run, data, -1, "trouble/%u", hart);
    kthread_bind(thread, hart);
    wake_up_process(thread);
}

static UNUSED void thread_oops(void) { start_thread(thread_reads_null, 0, 0); }

static UNUSED void two_harts_oops(void) {
    start_thread(thread_reads_null, 1, 0);
    start_thread(thread_reads_null, 0, 0);
}

static u64 tasklet[16];
static UNUSED void tasklet_reads_null(unsigned long data) { read_from(data); }
static UNUSED void softirq_oops(void) {
    tasklet_init(tasklet, tasklet_reads_null, 8);
    tasklet[1] = 1; /* scheduled */
    __tasklet_schedule(tasklet);
}

static __attribute__((noinline)) unsigned long recurse(unsigned long depth) {
    volatile char frame[512];
    frame[depth & 511] = (char)depth;
    return recurse(depth + 1) + frame[1];
}
static UNUSED void stack_overflow(void) { recurse(0); }

/* ---- Bugs, warnings, panics */

static UNUSED void bug(void) {
    BREAKPOINT(0);
    __builtin_unreachable();
}
static UNUSED void warning(void) { BREAKPOINT(IS_WARNING); }
static UNUSED int thread_warns(void *end) {
    while (read_time() < *(volatile unsigned long *)end) {
    }
    for (int times = 0; times < 3; ++times) warning();
    return 0;
}
static UNUSED void two_harts_warn(void) {
    static unsigned long end;
    end = read_time() + TIMEBASE_HZ;
    start_thread(thread_warns, 1, &end);
    start_thread(thread_warns, 0, &end);
}
static UNUSED void refcount_underflow(void) {
    int count = 0;
    refcount_warn_saturate(&count, 3);
}
static UNUSED void panics(void) { panic("trouble: %d sheep counted, giving up at %px", 41, &tasklet); }
static UNUSED void stack_protector(void) { __stack_chk_fail(); }
static UNUSED void list_corruption(void) {
    void *one[2] = {one, one}, *other[2] = {other, one}, *added[2];
    __list_add_valid_or_report(added, one, other);
}
static UNUSED void usercopy(void) { __check_object_size(__kmalloc_noprof(64, GFP_KERNEL), 4096, 1); }
static UNUSED void scheduling_while_atomic(void) {
    static unsigned lock;
    _raw_spin_lock_bh(&lock);
    schedule_timeout_interruptible(1);
}

/* ---- Memory */

static UNUSED void double_free(void) {
    void *place = __kmalloc_noprof(64, GFP_KERNEL);
    kfree(place);
    kfree(place);
}
static UNUSED void use_after_free(void) {
    for (unsigned long end = read_time() + TIMEBASE_HZ; read_time() < end;) {
        void *place = __kmalloc_noprof(64, GFP_KERNEL);
        kfree(place);
        read_from((unsigned long)place);
    }
}
static UNUSED void bad_page(void) {
    unsigned long page = get_free_pages_noprof(GFP_KERNEL, 0);
    free_pages(page, 0);
    free_pages(page, 0);
    get_free_pages_noprof(GFP_KERNEL, 0);
}
static UNUSED void allocation_failure(void) {
    while (get_free_pages_noprof(GFP_ATOMIC, 10) != 0) {
    }
}

/* ---- Time */

static UNUSED void spin_on(void) { spin(1000000); }
static UNUSED void spin_15_seconds(void) { spin(15); }
static UNUSED int thread_spins(void *data) {
    (void)data;
    spin(12);
    return 0;
}
static UNUSED void spin_on_hart_1(void) { start_thread(thread_spins, 1, 0); }
static UNUSED void deadlock(void) {
    static unsigned lock;
    _raw_spin_lock(&lock);
    _raw_spin_lock(&lock);
}
static UNUSED void sleep_on(void) { schedule_timeout_uninterruptible(NEVER); }
static UNUSED int thread_spins_masked(void *data) {
    (void)data;
    __asm__ volatile("csrci sstatus, 2");
    spin(1000000);
    return 0;
}
static UNUSED void hard_lockup(void) { start_thread(thread_spins_masked, 1, 0); }

/* ---- Firmware */

static void call_firmware(unsigned long extension, unsigned long function, unsigned long first, unsigned long second) {
    register unsigned long a0 __asm__("a0") = first, a1 __asm__("a1") = second, a2 __asm__("a2") = 0;
    register unsigned long a6 __asm__("a6") = function, a7 __asm__("a7") = extension;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
}

/* SBI's debug triggers are installed from memory that is in a hole of the address space: M-mode faults. */
static UNUSED void firmware_trap(void) {
    const unsigned long debug_triggers = 0x44425452, set_memory = 1, install = 3;
    call_firmware(debug_triggers, set_memory, 0x08000000, 0);
    call_firmware(debug_triggers, install, 1, 0);
}

/* ---- What the kernel wants of a module */

int init_module(void) {
    _printk("\0016trouble: loaded\n");
    TROUBLE();
    return 0;
}

static const char modinfo[] __attribute__((used, section(".modinfo"), aligned(1))) =
    "license=GPL\0name=trouble\0depends=\0vermagic=" VERMAGIC;

struct module {
    char before[INIT_OFFSET];
    int (*init)(void);
    char after[MODULE_SIZE - INIT_OFFSET - sizeof(void *)];
};
struct module __this_module __attribute__((section(".gnu.linkonce.this_module"), aligned(64))) = {
    .before = {[24] = 't', 'r', 'o', 'u', 'b', 'l', 'e'}, /* after its state and list */
    .init = init_module};
