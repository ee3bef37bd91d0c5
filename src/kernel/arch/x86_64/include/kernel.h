/* What each file of the kernel offers to the others. */
#pragma once

#include "cpu.h"
#include "frame.h"
#include "paging.h"
#include "types.h"

/* console.c: COM1 */
void console_init(void);
void console_putc(char c);

/* core/print.c */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void panic(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* core/string.c */
void *memcpy(void *to, const void *from, size_t count);
void *memset(void *to, int byte, size_t count);
size_t strlen(const char *s);
bool same(const char *a, const char *b);
void copy_string(char *to, const char *from, size_t size);

/* core/multiboot.c: what the boot loader said */
#define MAX_MODULES 16
#define MAX_REGIONS 16
#define LINE_SIZE 128

struct module {
    uint64_t start, end;        /* physical addresses */
    char line[LINE_SIZE];       /* "userprog one two": name and arguments */
    char name[32];
};

struct region {
    uint64_t start, end;        /* physical addresses of usable RAM */
};

extern struct module modules[MAX_MODULES];
extern int module_count;
extern struct region regions[MAX_REGIONS];
extern int region_count;
extern char command_line[LINE_SIZE * 2];
void multiboot_init(uint32_t magic, uint32_t info);
struct module *find_module(const char *name);
bool option(const char *key, char *value, size_t size);

/* core/frames.c: physical page frames */
#define NO_FRAME 0
extern uint64_t frames_used;
void frames_init(void);
uint64_t frame_alloc(void);
void frame_free(uint64_t frame);
uint64_t memory_end(void);

/* vm.c: page tables. A table is named by its physical address. */
static inline void *at(uint64_t physical)
{
    return (void *)(physical + DIRECT_MAP);
}
void vm_init(void);
uint64_t vm_new(void);
bool vm_map(uint64_t pml4, uint64_t address, uint64_t frame, uint64_t bits);
uint64_t *vm_entry(uint64_t pml4, uint64_t address, bool create);
void vm_switch(uint64_t pml4);
bool vm_kernel_stack(int slot);

/* gdt.c, idt.c, pic.c */
void gdt_init(void);
void tss_set_rsp0(uint64_t rsp);
void idt_init(void);
void pic_init(void);

/* trap.c */
void trap(struct frame *frame);
void dump(const struct frame *frame);

/* syscall.c */
void syscall_init(void);
void syscall_dispatch(struct frame *frame);

/* usercopy.S, usercopy.c */
bool copy_from_user(void *to, uint64_t from, size_t count);
bool copy_to_user(uint64_t to, const void *from, size_t count);

/* core/exec.c */
bool exec_load(uint64_t pml4, const struct module *module, const char *line, uint64_t *entry, uint64_t *rsp);

/* core/process.c */
#define MAX_PROCESSES 64
struct process {
    int pid;                    /* 0: the slot is free */
    uint64_t pml4;
    uint64_t kernel_stack_top;
    char name[32];
};
void process_start_init(const struct module *module) __attribute__((noreturn));
void process_exit(int code) __attribute__((noreturn));
void process_kill(const struct frame *frame) __attribute__((noreturn));

/* power.c */
void power_off(int code) __attribute__((noreturn));

/* Addresses the linker and the stubs define. */
extern char text_end[], rodata_end[], load_end[], kernel_end[];
extern void syscall_entry(void);
extern void return_to_user(void);
