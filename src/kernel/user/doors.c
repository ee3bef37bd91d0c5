/*
 * doors.c: the same system call through each door, and what each costs by the
 * time-stamp counter. On the playground's machine that counts instructions' time
 * exactly; elsewhere it is a measurement.
 */
#include "lib.h"

#define CALLS 1000

static inline unsigned long rdtsc(void)
{
    unsigned low, high;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return (unsigned long)high << 32 | low;
}

static long by_syscall(void)
{
    return getpid();
}

static long by_interrupt(void)
{
    long result;
    asm volatile("int %1" : "=a"(result) : "i"(SYSCALL_INTERRUPT), "a"(SYS_getpid) : "memory");
    return result;
}

/* A far call through a gate takes the selector from memory and ignores the offset beside it. */
static long by_call_gate(void)
{
    static const struct {
        unsigned offset;
        unsigned short selector;
    } __attribute__((packed)) target = {0, SYSCALL_GATE};
    long result;

    asm volatile("lcall *%1" : "=a"(result) : "m"(target), "a"(SYS_getpid) : "memory");
    return result;
}

static long by_nothing(void)
{
    long result;
    asm volatile("movq %1, %0" : "=a"(result) : "i"(SYS_getpid) : "memory");
    return result;
}

static unsigned long measure(long (*door)(void))
{
    unsigned long start = rdtsc();
    for (int i = 0; i < CALLS; i++)
        door();
    return rdtsc() - start;
}

int main(void)
{
    static const struct {
        const char *name;
        long (*door)(void);
        int way_back;
    } doors[] = {
        {"SYSCALL, back by SYSRETQ", by_syscall, RETURN_SYSRETQ},
        {"SYSCALL, back by IRETQ", by_syscall, RETURN_IRETQ},
        {"INT 80h, back by IRETQ", by_interrupt, RETURN_SYSRETQ},
        {"call gate, back by IRETQ", by_call_gate, RETURN_SYSRETQ},
    };

    unsigned long loop = measure(by_nothing);
    printf("door                      result  TSC per call\n");
    for (size_t i = 0; i < COUNT(doors); i++) {
        syscall(SYS_return_by, doors[i].way_back, 0, 0);
        long result = doors[i].door();
        unsigned long spent = measure(doors[i].door);
        printf("%s  %ld  %lu\n", doors[i].name, result, (spent > loop ? spent - loop : 0) / CALLS);
    }
    return 0;
}
