/* process.c: the process table: how processes begin, multiply, change and end. */
#include "kernel.h"
#include "msr.h"
#include "segment.h"

struct process processes[MAX_PROCESSES];
static int last_pid;
static int init_code;
static uint64_t frames_before;      /* in use when no process existed */

static struct process *process_alloc(void)
{
    for (int slot = 0; slot < MAX_PROCESSES; slot++) {
        struct process *p = &processes[slot];
        if (p->state != FREE)
            continue;
        *p = (struct process){.kernel_stack_top = vm_kernel_stack(slot), .fpu = fpu_initial};
        if (p->kernel_stack_top == 0)
            return NULL;
        p->pid = ++last_pid;
        return p;
    }
    return NULL;
}

/* Gives back everything but the table's entry of a process that has no address space any more. */
static void release_slot(struct process *p)
{
    vm_kernel_stack_free((int)(p - processes));
    p->state = FREE;
}

/* Of a process that will never run again, and whose stack and tables nobody stands on. */
void process_free(struct process *p)
{
    vm_free(p->memory.pml4);
    release_slot(p);
}

/* What switch_stacks pops (switch.S) when a process runs for the first time. */
struct first_context {
    uint64_t gs, fs, es, ds;
    uint64_t r15, r14, r13, r12, rbp, rbx;
    uint64_t rip;
};

/* Puts `frame` on top of the new process's kernel stack, below it the way to first_return. */
static void prepare_stack(struct process *p, const struct frame *frame)
{
    struct frame *top = (struct frame *)p->kernel_stack_top - 1;
    struct first_context *context = (struct first_context *)top - 1;

    *top = *frame;
    *context = (struct first_context){.rip = (uint64_t)first_return};
    asm("movl %%ds, %k0" : "=r"(context->ds));
    asm("movl %%es, %k0" : "=r"(context->es));
    asm("movl %%fs, %k0" : "=r"(context->fs));
    asm("movl %%gs, %k0" : "=r"(context->gs));
    p->saved_rsp = (uint64_t)context;
    p->state = READY;
}

static void set_registers(struct frame *frame, uint64_t entry, uint64_t rsp)
{
    *frame = (struct frame){
        .vector = VECTOR_SYSCALL,       /* so that SYSRETQ makes the crossing */
        .rip = entry,
        .cs = USER_CODE | RPL3,
        .rflags = RFLAGS_FIXED | RFLAGS_IF,
        .rsp = rsp,
        .ss = USER_DATA | RPL3,
    };
}

/* Makes process 1 from `init=NAME`, else from the first module, and never comes back. */
void process_start_init(void)
{
    char name[NAME_SIZE];
    struct module *module = modules;
    struct frame frame;
    uint64_t entry, rsp;

    if (module_count == 0)
        panic("no user program: pass an ELF64 executable as a multiboot module");
    if (option("init", name, sizeof(name)) && !(module = find_module(name)))
        panic("init=%s: no module has that name", name);

    frames_before = frames_used;
    struct process *p = process_alloc();
    if (!p)
        panic("no memory for the first process");
    copy_string(p->name, module->name, NAME_SIZE);
    int64_t error = exec_load(&p->memory, module->line, &entry, &rsp);
    if (error)
        panic("module %s does not load: error %ld", module->name, -error);
    print("[user] pid %d %s: entry %lx, stack %lx\n", p->pid, p->name, entry, USER_STACK_TOP);
    set_registers(&frame, entry, rsp);
    prepare_stack(p, &frame);
    schedule();
    __builtin_unreachable();
}

int64_t process_fork(const struct frame *frame)
{
    struct process *parent = cpu.current, *child = process_alloc();
    struct frame child_frame = *frame;

    if (!child)
        return -EAGAIN;
    child->memory = parent->memory;
    child->memory.pml4 = vm_new();
    if (child->memory.pml4 == NO_FRAME || !vm_copy(child->memory.pml4, parent->memory.pml4)) {
        if (child->memory.pml4 != NO_FRAME)
            vm_free(child->memory.pml4);
        release_slot(child);
        return -ENOMEM;
    }
    child->parent = parent;
    child->return_by_iretq = parent->return_by_iretq;
    copy_string(child->name, parent->name, NAME_SIZE);
    fpu_save(&child->fpu);              /* the parent's, which are in the registers now */
    child_frame.rax = 0;                /* fork's answer in the child */
    prepare_stack(child, &child_frame);
    return child->pid;
}

/* Replaces the current process's program; `frame` becomes the new one's first registers. */
int64_t process_exec(struct frame *frame, const char *line)
{
    struct process *p = cpu.current;
    struct memory memory;
    uint64_t entry, rsp, length = 0;
    int64_t error = exec_load(&memory, line, &entry, &rsp);

    if (error)
        return error;
    vm_switch(memory.pml4);             /* before the tables in use are given away */
    vm_free(p->memory.pml4);
    p->memory = memory;
    while (line[length] && line[length] != ' ')
        length++;
    copy_string(p->name, line, length + 1 < NAME_SIZE ? length + 1 : NAME_SIZE);
    set_registers(frame, entry, rsp);
    fpu_load(&fpu_initial);
    return 0;
}

/* Waits for a child, or any if `pid` is -1, to end; returns its id. */
int64_t process_wait(int64_t pid, int *code)
{
    for (;;) {
        bool found = false;
        for (int i = 0; i < MAX_PROCESSES; i++) {
            struct process *p = &processes[i];
            if (p->state == FREE || p->parent != cpu.current || (pid != -1 && p->pid != pid))
                continue;
            found = true;
            if (p->state == ZOMBIE) {
                int64_t ended = p->pid;
                *code = p->exit_code;
                process_free(p);
                return ended;
            }
        }
        if (!found)
            return -ECHILD;
        sleep_on(cpu.current, 0);
    }
}

/* Runs on nk_boot_stack when the last process has gone: accounts for memory and switches off. */
static void finish(void)
{
    vm_switch_to_kernel();
    process_free(cpu.current);
    if (frames_used != frames_before)
        print("[memory] %ld frames were not given back\n", (int64_t)(frames_used - frames_before));
    power_off(init_code);
}

/* Ends the current process. Its stack and tables live until somebody else runs. */
void process_exit(int code)
{
    struct process *p = cpu.current;
    int others = 0;

    if (p->pid == 1) {
        print("[USER] Process exited with code: %d\n", code);
        init_code = code;
    }
    for (int i = 0; i < MAX_PROCESSES; i++) {
        struct process *child = &processes[i];
        if (child->state != FREE && child->parent == p) {
            child->parent = NULL;
            if (child->state == ZOMBIE)
                process_free(child);
        }
        others += child != p && child->state != FREE;
    }
    p->exit_code = code;
    p->state = ZOMBIE;
    if (others == 0)
        asm volatile("movq %0, %%rsp\n\tcall *%1" : : "r"(nk_boot_stack_top), "r"(finish));
    wake(p->parent);
    schedule();
    __builtin_unreachable();
}

void process_kill(int code, const char *reason)
{
    print("[user] pid %d %s: killed: %s\n", cpu.current->pid, cpu.current->name, reason);
    process_exit(code);
}

static bool find_process(uint64_t index, struct process_info *info)
{
    static const char *const names[] = {"free", "ready", "running", "sleeping", "zombie"};

    for (int i = 0; i < MAX_PROCESSES; i++) {
        const struct process *p = &processes[i];
        if (p->state == FREE || index-- > 0)
            continue;
        info->pid = p->pid;
        info->parent = p->parent ? p->parent->pid : 0;
        info->ticks = p->ticks;
        copy_string(info->state, names[p->state], sizeof(info->state));
        copy_string(info->name, p->name, NAME_SIZE);
        return true;
    }
    return false;
}

/* SYS_info: one record about processes, modules or memory. */
int64_t process_info(uint64_t kind, uint64_t index, uint64_t record)
{
    union {
        struct process_info process;
        struct module_info module;
        struct memory_info memory;
    } info;
    size_t size;

    memset(&info, 0, sizeof(info));     /* no byte of the kernel's stack may leak into the padding */
    switch (kind) {
    case INFO_PROCESS:
        if (!find_process(index, &info.process))
            return -ENOENT;
        size = sizeof(info.process);
        break;
    case INFO_MODULE:
        if (index >= (uint64_t)module_count)
            return -ENOENT;
        copy_string(info.module.name, modules[index].name, NAME_SIZE);
        info.module.size = modules[index].end - modules[index].start;
        size = sizeof(info.module);
        break;
    case INFO_MEMORY:
        info.memory = (struct memory_info){frames_used, frames_total()};
        size = sizeof(info.memory);
        break;
    default:
        return -EINVAL;
    }
    return copy_to_user(record, &info, size) ? 0 : -EFAULT;
}
