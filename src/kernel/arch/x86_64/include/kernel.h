/* What each file of the kernel offers to the others. */
#pragma once

#include "cpu.h"
#include "frame.h"
#include "paging.h"
#include "syscall.h"
#include "types.h"

/* console.c: COM1 */
void console_init(void);
void console_putc(char c);
int console_getc(void);
void console_enable_interrupt(void);

/* core/print.c */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void panic(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* core/symbols.c */
void print_symbol(uint64_t address);

/* core/string.c */
void *memcpy(void *to, const void *from, size_t count);
void *memset(void *to, int byte, size_t count);
size_t strlen(const char *s);
bool same(const char *a, const char *b);
void copy_string(char *to, const char *from, size_t size);

/* core/multiboot.c: what the boot loader said */
#define MAX_MODULES 32
#define MAX_REGIONS 16

struct module {
    uint64_t start, end;        /* physical addresses */
    char line[LINE_SIZE];       /* "userprog one two": name and arguments */
    char name[NAME_SIZE];
};

struct region {
    uint64_t start, end;        /* physical addresses of usable RAM */
};

extern struct module modules[MAX_MODULES];
extern int module_count;
extern struct region regions[MAX_REGIONS];
extern int region_count;
void multiboot_init(uint32_t magic, uint32_t info);
struct module *find_module(const char *name);
bool option(const char *key, char *value, size_t size);

/* core/flaws.c: which of the documented faults are switched on */
struct flaws {
    bool star, gdt, upper_u, entry, save_rcx, fmask, tss, canonical_check;
    bool documented;            /* all of them, and the document's ring 0 test */
};
extern struct flaws flaws;
void flaws_init(void);
void flaws_print(void);

/* core/frames.c: physical page frames */
#define NO_FRAME 0
extern uint64_t frames_used;
uint64_t frame_alloc(void);
void frame_free(uint64_t frame);
uint64_t memory_end(void);
uint64_t frames_total(void);

/* vm.c: page tables. A table is named by its physical address. */
static inline void *at(uint64_t physical)
{
    return (void *)(physical + DIRECT_MAP);
}
void vm_init(void);
uint64_t vm_new(void);
bool vm_map(uint64_t pml4, uint64_t address, uint64_t frame, uint64_t bits);
void vm_unmap(uint64_t pml4, uint64_t address);
bool vm_copy(uint64_t to, uint64_t from);
void vm_free(uint64_t pml4);
void vm_switch(uint64_t pml4);
void vm_switch_to_kernel(void);
uint64_t vm_kernel_stack(int slot);
void vm_kernel_stack_free(int slot);
volatile void *vm_map_device(uint64_t physical);

/* gdt.c, idt.c, pic.c, timer.c */
void gdt_init(void);
void tss_set_rsp0(uint64_t rsp);
void idt_init(void);
void pic_init(void);
void pic_mask(int line);
void pic_unmask(int line);
void pic_end(int line);
#define TICKS_PER_SECOND 100
#define VECTOR_APIC_TIMER    48
#define VECTOR_APIC_SPURIOUS 49
void timer_init(void);
void timer_measure(void);
void timer_apic_end(void);

/* fpu.c: the x87, MMX and SSE registers, which are ring 3's: the kernel is compiled without them */
struct fpu_state {
    uint16_t fcw, fsw;          /* x87 control and status word */
    uint8_t tags;               /* a bit per x87 register: 1 = in use */
    uint8_t reserved0;
    uint16_t opcode;            /* of the last x87 instruction */
    uint64_t ip, data;          /* where it and its operand were */
    uint32_t mxcsr, mxcsr_mask;
    uint8_t st[8][16];          /* ST0 to ST7 = MM0 to MM7 */
    uint8_t xmm[16][16];
    uint8_t reserved1[96];
} __attribute__((aligned(16)));     /* FXSAVE64's layout (SDM vol. 1, 10.5.1; vol. 2A, FXSAVE) */
void fpu_init(void);
void fpu_save(struct fpu_state *to);
void fpu_load(const struct fpu_state *from);
extern const struct fpu_state fpu_initial;

/* trap.c */
void trap(struct frame *frame);
void dump(const struct frame *frame);

/* syscall.c */
void syscall_init(void);
void syscall_dispatch(struct frame *frame);
void ring0_test(void);

/* usercopy.c */
bool copy_from_user(void *to, uint64_t from, size_t count);
bool copy_to_user(uint64_t to, const void *from, size_t count);
int64_t copy_line_from_user(char to[LINE_SIZE], uint64_t from);

/* core/memory.c: what a process may use of its lower half */
#define MAX_AREAS 24
struct area {
    uint64_t start, end;        /* page-aligned; empty: the entry is free */
    uint64_t bits;              /* PTE_W, PTE_NX; PTE_U always */
};
struct memory {
    uint64_t pml4;
    uint64_t heap_start, heap_end;
    struct area areas[MAX_AREAS];
};
bool memory_add(struct memory *memory, uint64_t start, uint64_t end, uint64_t bits);
bool memory_fault(struct memory *memory, uint64_t address, uint64_t error);
int64_t memory_mmap(struct memory *memory, uint64_t address, uint64_t length, uint64_t protection);
int64_t memory_munmap(struct memory *memory, uint64_t address, uint64_t length);
int64_t memory_brk(struct memory *memory, uint64_t end);

/* core/exec.c */
int64_t exec_load(struct memory *memory, const char *line, uint64_t *entry, uint64_t *rsp);

/* core/process.c and core/schedule.c */
#define MAX_PROCESSES 64
enum state { FREE, READY, RUNNING, SLEEPING, ZOMBIE };

struct process {
    enum state state;
    int pid;
    struct process *parent;     /* NULL: nobody will wait for it */
    struct memory memory;
    uint64_t kernel_stack_top;
    uint64_t saved_rsp;         /* while another process runs: where switch_stacks left off */
    const void *channel;        /* SLEEPING: what for */
    uint64_t wake_at;           /* SLEEPING: tick at which to wake anyhow, 0 = never */
    uint64_t ticks;
    int exit_code;
    bool return_by_iretq;
    char name[NAME_SIZE];
    struct fpu_state fpu;       /* while another process runs */
};

extern struct process processes[MAX_PROCESSES];
void process_start_init(void) __attribute__((noreturn));
int64_t process_fork(const struct frame *frame);
int64_t process_exec(struct frame *frame, const char *line);
int64_t process_wait(int64_t pid, int *code);
void process_exit(int code) __attribute__((noreturn));
void process_kill(int code, const char *reason) __attribute__((noreturn));
void process_free(struct process *process);
int64_t process_info(uint64_t kind, uint64_t index, uint64_t record);

extern uint64_t ticks;
void schedule(void);
void schedule_tick(bool from_user);
void sleep_on(const void *channel, uint64_t wake_at);
void wake(const void *channel);
void schedule_started(void);

/* core/input.c: lines typed on COM1 */
void input_interrupt(void);
int64_t input_read(uint64_t buffer, uint64_t count);

/* power.c */
void power_off(int code) __attribute__((noreturn));

/* Addresses the linker and the stubs define. */
extern char text_end[], rodata_end[], load_end[], kernel_end[], nk_boot_stack_top[];
extern void syscall_entry(void);
extern void syscall_entry_lossy(void);
extern void documented_entry(void);
extern void documented_entry_lossy(void);
extern void gate_entry(void);
extern void return_to_user(void);
void switch_stacks(uint64_t *save, uint64_t load);
void first_return(void);
