/*
 * schedule.c: who runs. Ring 0 is never preempted: it runs with interrupts off,
 * and gives the CPU away only in schedule(). Ring 3 is, by the timer.
 */
#include "kernel.h"

uint64_t ticks;
static struct process *ended;   /* an orphan that ended; freed once we stand on another stack */

/* The next process that can run, in turn after the current one, itself last. */
static struct process *pick(void)
{
    int start = cpu.current ? (int)(cpu.current - processes) + 1 : 0;

    for (int i = 0; i < MAX_PROCESSES; i++) {
        struct process *p = &processes[(start + i) % MAX_PROCESSES];
        if (p->state == READY)
            return p;
    }
    return NULL;
}

/* Every process that begins or goes on after a switch comes through here. */
void schedule_started(void)
{
    if (ended)
        process_free(ended);
    ended = NULL;
}

/*
 * Gives the CPU to another process; returns when this one's turn has come again.
 * The caller has set cpu.current->state. With nobody to run, waits for an
 * interrupt: STI takes effect after the HLT has begun, so none is missed.
 */
void schedule(void)
{
    static uint64_t boot_rsp;           /* of kernel_main, which never goes on */
    struct process *from = cpu.current, *to;

    while (!(to = pick()))
        asm volatile("sti; hlt; cli" : : : "memory");
    to->state = RUNNING;
    if (to == from)
        return;
    if (from && from->state == ZOMBIE && !from->parent)
        ended = from;
    cpu.current = to;
    cpu.kernel_rsp = to->kernel_stack_top;  /* for SYSCALL, which reads no TSS */
    tss_set_rsp0(to->kernel_stack_top);     /* for interrupts and call gates, which do */
    vm_switch(to->memory.pml4);
    if (from)
        fpu_save(&from->fpu);
    fpu_load(&to->fpu);
    switch_stacks(from ? &from->saved_rsp : &boot_rsp, to->saved_rsp);
    schedule_started();
}

/* Waits until somebody calls wake(channel), or the tick `wake_at` (0: never) has come. */
void sleep_on(const void *channel, uint64_t wake_at)
{
    cpu.current->channel = channel;
    cpu.current->wake_at = wake_at;
    cpu.current->state = SLEEPING;
    schedule();
}

void wake(const void *channel)
{
    for (int i = 0; i < MAX_PROCESSES && channel; i++)
        if (processes[i].state == SLEEPING && processes[i].channel == channel)
            processes[i].state = READY;
}

/* The timer's interrupt. A process found in ring 3 has used up its turn. */
void schedule_tick(bool from_user)
{
    ticks++;
    for (int i = 0; i < MAX_PROCESSES; i++)
        if (processes[i].state == SLEEPING && processes[i].wake_at && processes[i].wake_at <= ticks)
            processes[i].state = READY;
    if (from_user) {
        cpu.current->ticks++;
        cpu.current->state = READY;
        schedule();
    }
}
