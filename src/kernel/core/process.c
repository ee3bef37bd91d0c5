/* process.c: processes. */
#include "kernel.h"
#include "msr.h"
#include "segment.h"

static struct process processes[MAX_PROCESSES];

/* Leaves for ring 3 with the registers of the frame that RSP is made to point at. */
static void __attribute__((noreturn)) enter_frame(struct frame *frame)
{
    asm volatile("movq %0, %%rsp\n\tjmp return_to_user" : : "r"(frame) : "memory");
    __builtin_unreachable();
}

void process_start_init(const struct module *module)
{
    struct process *p = &processes[0];
    uint64_t entry, rsp;

    p->pid = 1;
    copy_string(p->name, module->name, sizeof(p->name));
    p->pml4 = vm_new();
    if (p->pml4 == NO_FRAME || !vm_kernel_stack(0))
        panic("no memory for the first process");
    p->kernel_stack_top = KSTACK_AREA + 4 * PAGE_SIZE;
    if (!exec_load(p->pml4, module, module->line, &entry, &rsp))
        panic("module %s is not an ELF64 executable that fits", module->name);
    print("[user] pid %d %s: entry %lx, stack %lx\n", p->pid, p->name, entry, USER_STACK_TOP);

    cpu.current = p;
    cpu.kernel_rsp = p->kernel_stack_top;
    tss_set_rsp0(p->kernel_stack_top);
    vm_switch(p->pml4);

    struct frame *frame = (struct frame *)p->kernel_stack_top - 1;
    *frame = (struct frame){
        .vector = VECTOR_SYSCALL,       /* so that SYSRETQ makes the first crossing */
        .rip = entry,
        .cs = USER_CODE | RPL3,
        .rflags = RFLAGS_FIXED | RFLAGS_IF,
        .rsp = rsp,
        .ss = USER_DATA | RPL3,
    };
    enter_frame(frame);
}

void process_exit(int code)
{
    print("[USER] Process exited with code: %d\n", code);
    power_off(code);
}

void process_kill(const struct frame *frame)
{
    print("[user] pid %d %s: killed by vector %lu\n", cpu.current->pid, cpu.current->name, frame->vector);
    power_off(1);
}
