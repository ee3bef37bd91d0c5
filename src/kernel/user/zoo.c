/*
 * zoo.c: each bad thing a program can do to the CPU or the kernel. With a name as
 * argument, does it; without, does each in a child and tells how that ended.
 */
#include "lib.h"

#define KERNEL_TEXT 0xffffffff80101000
#define KERNEL_DATA 0xffff800000000000  /* the direct map */
#define TOP_PAGE 0x7ffffffff000
#define TF "$0x100"
#define DF_AC "$0x40400"
#define NT "$0x4000"

/* A pointer of which GCC cannot know that it is a bad one. */
static volatile char *pointer(unsigned long address)
{
    asm("" : "+r"(address));
    return (volatile char *)address;
}

/* Sets flags by POPFQ, then runs the instructions given. */
#define WITH_FLAGS(flags, instructions) \
    asm volatile("pushfq\n\torq " flags ", (%%rsp)\n\tpopfq\n\t" instructions "\n\tpushfq\n\tandq $~0x44500, (%%rsp)\n\tpopfq" \
                 : : "a"(SYS_getpid) : "rcx", "r11", "memory", "cc")

static void null_read(void) { (void)*pointer(0x8); }
static void kernel_read(void) { (void)*pointer(KERNEL_DATA); }
static void kernel_write(void) { *pointer(KERNEL_DATA) = 0; }
static void kernel_jump(void) { ((void (*)(void))KERNEL_TEXT)(); }
static void text_write(void) { *pointer(0x400000) = 0; }
static void non_canonical(void) { (void)*pointer(0x800000000000); }

static void stack_run(void)
{
    volatile unsigned char code[] = {0xc3};
    ((void (*)(void))code)();
}

static void stack_overflow(void)
{
    asm volatile("1: pushq %rax\n\tjmp 1b");
}

static void divide(void) { asm volatile("xorl %%ecx, %%ecx\n\tdivl %%ecx" : : : "eax", "ecx", "edx"); }
static void breakpoint(void) { asm volatile("int3"); }
static void undefined(void) { asm volatile("ud2"); }
static void single_step(void) { WITH_FLAGS(TF, "nop"); }

/* Floating-point errors are exceptions only if the program has unmasked them. */
static void x87(void)
{
    static const unsigned short fcw = 0x037b;       /* division by zero unmasked */
    asm volatile("fldcw %0\n\tfldz\n\tfld1\n\tfdivp\n\tfwait" : : "m"(fcw));
}

static void sse(void)
{
    static const unsigned mxcsr = 0x1d80;           /* division by zero unmasked */
    static const float one = 1.0f;
    asm volatile("ldmxcsr %0\n\tmovss %1, %%xmm0\n\txorps %%xmm1, %%xmm1\n\tdivss %%xmm1, %%xmm0" : : "m"(mxcsr), "m"(one));
}

static void sse_misaligned(void) { asm volatile("movaps (%0), %%xmm0" : : "r"((unsigned long)"text" | 1)); }
static void mxcsr_reserved(void)
{
    static const unsigned mxcsr = 0x00010000;
    asm volatile("ldmxcsr %0" : : "m"(mxcsr));
}

static void cli(void) { asm volatile("cli"); }
static void hlt(void) { asm volatile("hlt"); }
static void in_port(void) { asm volatile("inb $0x60, %%al" : : : "eax"); }
static void write_msr(void) { asm volatile("wrmsr" : : "a"(0), "d"(0), "c"(0xc0000082)); }
static void write_cr3(void) { asm volatile("movq %0, %%cr3" : : "r"(0l)); }
static void load_gdt(void) { asm volatile("lgdt (%0)" : : "r"(TOP_PAGE)); }
static void swap_gs(void) { asm volatile("swapgs"); }
static void sysret(void) { asm volatile("sysretq"); }
static void kernel_ss(void) { asm volatile("movl %0, %%ss" : : "r"(0x10)); }
static void int_no_gate(void) { asm volatile("int $0x40"); }
static void int_kernel_gate(void) { asm volatile("int $0x0e"); }
static void iret_to_ring0(void)
{
    asm volatile("pushq $0x10\n\tpushq $0\n\tpushfq\n\tpushq $0x08\n\tpushq $0\n\tiretq");
}

static void call_kernel_code(void)
{
    static const struct {
        unsigned offset;
        unsigned short selector;
    } __attribute__((packed)) target = {0, 0x08};
    asm volatile("lcall *%0" : : "m"(target));
}

/* The kernel must not trust flags, RSP, or the return address of whoever calls. */
static void syscall_tf(void) { WITH_FLAGS(TF, "syscall"); }
static void syscall_flags(void) { WITH_FLAGS(DF_AC, "syscall"); }
static void syscall_nt(void)
{
    syscall(SYS_return_by, RETURN_IRETQ, 0, 0);     /* IRETQ faults in 64-bit mode while NT is 1 */
    WITH_FLAGS(NT, "syscall");
}

/* The kernel copies what is written by string instructions, whose direction is DF. */
static void syscall_df(void)
{
    asm volatile("std\n\tsyscall\n\tcld" : : "a"(SYS_write), "D"(1), "S"("forwards\n"), "d"(9) : "rcx", "r11", "memory", "cc");
}

static void interrupt_flags(void) { WITH_FLAGS(DF_AC, "int $0x80"); }

static void syscall_kernel_rsp(void)
{
    asm volatile("movq %%rsp, %%rbx\n\tmovq %1, %%rsp\n\tsyscall\n\tmovq %%rbx, %%rsp"
                 : : "a"(SYS_getpid), "r"(KERNEL_TEXT) : "rbx", "rcx", "r11", "memory");
}

/*
 * After reset the local descriptor table begins at linear address 0 and is 64 KiB
 * long. Were it still there, ring 3 could put a call gate of its own into it.
 */
static void ldt_gate(void)
{
    static const struct {
        unsigned offset;
        unsigned short selector;
    } __attribute__((packed)) target = {0, 0x1000 | 4 | 3};     /* TI=1: from the LDT; RPL 3 */
    unsigned long *gate = mmap((void *)0x1000, 4096, PROT_READ | PROT_WRITE);

    gate[0] = (KERNEL_TEXT & 0xffff) | 0x08ul << 16 | 0xecul << 40 | (KERNEL_TEXT >> 16 & 0xffff) << 48;
    gate[1] = KERNEL_TEXT >> 32;
    asm volatile("lcall *%0" : : "m"(target) : "memory");
}

/* The CPU is in ring 0 with TF still on when the call has been made. */
static void gate_tf(void)
{
    static const struct {
        unsigned offset;
        unsigned short selector;
    } __attribute__((packed)) target = {0, SYSCALL_GATE};
    asm volatile("pushfq\n\torq " TF ", (%%rsp)\n\tpopfq\n\tlcall *%1" : : "a"(SYS_getpid), "m"(target) : "memory", "cc");
}

/* Takes whatever the kernel has to give. */
static void memory_hog(void)
{
    for (;;) {
        char *pages = mmap(NULL, 1 << 24, PROT_READ | PROT_WRITE);
        for (int i = 0; i < 1 << 24; i += 4096)
            pages[i] = 1;
    }
}

static void process_hog(void)
{
    long pid;

    while ((pid = fork()) > 0)
        ;
    if (pid == 0)
        sleep(50);
}

/* SYSCALL as the last instruction below 2^47: the return address is not canonical. */
static void syscall_top(void)
{
    unsigned char *page = mmap((void *)TOP_PAGE, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
    page[4094] = 0x0f;
    page[4095] = 0x05;
    asm volatile("jmp *%1" : : "a"(SYS_getpid), "r"(page + 4094) : "rcx", "r11", "memory");
}

/* The same with INT 80h, which comes back by IRETQ. */
static void interrupt_top(void)
{
    unsigned char *page = mmap((void *)TOP_PAGE, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
    page[4094] = 0xcd;
    page[4095] = 0x80;
    asm volatile("jmp *%1" : : "a"(SYS_getpid), "r"(page + 4094) : "memory");
}

/* Harmless: INT 80h comes back by IRETQ, which reads the descriptors SYSRETQ never read. */
static void by_iretq(void)
{
    asm volatile("int $0x80" : : "a"(SYS_getpid) : "memory");
}

static const struct {
    const char *name;
    void (*run)(void);
} animals[] = {
    {"null-read", null_read}, {"kernel-read", kernel_read}, {"kernel-write", kernel_write},
    {"kernel-jump", kernel_jump}, {"text-write", text_write}, {"non-canonical", non_canonical},
    {"stack-run", stack_run}, {"stack-overflow", stack_overflow}, {"divide", divide},
    {"breakpoint", breakpoint}, {"undefined", undefined}, {"single-step", single_step}, {"x87", x87},
    {"sse", sse}, {"sse-misaligned", sse_misaligned}, {"mxcsr-reserved", mxcsr_reserved},
    {"cli", cli}, {"hlt", hlt}, {"in-port", in_port}, {"write-msr", write_msr},
    {"write-cr3", write_cr3}, {"load-gdt", load_gdt}, {"swap-gs", swap_gs}, {"sysret", sysret},
    {"kernel-ss", kernel_ss}, {"int-no-gate", int_no_gate}, {"int-kernel-gate", int_kernel_gate},
    {"iret-to-ring0", iret_to_ring0}, {"call-kernel-code", call_kernel_code},
    {"syscall-tf", syscall_tf}, {"syscall-flags", syscall_flags}, {"syscall-nt", syscall_nt}, {"syscall-df", syscall_df},
    {"interrupt-flags", interrupt_flags}, {"syscall-kernel-rsp", syscall_kernel_rsp},
    {"syscall-top", syscall_top},
    {"interrupt-top", interrupt_top}, {"ldt-gate", ldt_gate}, {"gate-tf", gate_tf}, {"memory-hog", memory_hog}, {"process-hog", process_hog}, {"by-iretq", by_iretq},
};

int main(int argc, char **argv)
{
    int code;

    for (size_t i = 0; i < COUNT(animals); i++) {
        if (argc > 1 && same(argv[1], animals[i].name)) {
            animals[i].run();
            printf("zoo %s: nothing happened\n", animals[i].name);
            return 0;
        }
    }
    if (argc > 1) {
        printf("zoo has no %s\n", argv[1]);
        return 1;
    }
    for (size_t i = 0; i < COUNT(animals); i++) {
        long pid = fork();
        if (pid == 0) {
            animals[i].run();
            exit(0);
        }
        waitpid(pid, &code);
        printf("zoo %s: exit code %d\n", animals[i].name, code);
    }
    return 0;
}
