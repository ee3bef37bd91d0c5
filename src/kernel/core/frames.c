/*
 * frames.c: physical page frames. Frames never used yet are handed out in
 * address order from the boot loader's memory map, so that starting costs
 * nothing; frames given back are kept in a list whose links lie in the frames.
 */
#include "kernel.h"

#define LOW_MEMORY 0x100000     /* below 1 MiB: firmware's and the boot loader's */

static int region;              /* the region being handed out */
static uint64_t next;           /* its next frame */
static uint64_t run_end;        /* no frame in [next, run_end) is reserved */
static uint64_t free_list;
uint64_t frames_used;

/* If `address` lies in the kernel or a module, returns where that ends, else `address`. */
static uint64_t skip_reserved(uint64_t address)
{
    uint64_t image_end = (uint64_t)kernel_end - KERNEL_BASE;

    if (address < image_end)
        return image_end;
    for (int i = 0; i < module_count; i++)
        if (address + PAGE_SIZE > modules[i].start && address < modules[i].end)
            return (modules[i].end + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1ul);
    return address;
}

/* Moves to the next run of frames that nobody reserved; false when memory has ended. */
static bool next_run(void)
{
    for (; region < region_count; region++, next = 0) {
        uint64_t end = regions[region].end & ~(PAGE_SIZE - 1ul);
        uint64_t start = (regions[region].start + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1ul);
        if (next < start)
            next = start;
        if (next < LOW_MEMORY)
            next = LOW_MEMORY;
        for (uint64_t past; (past = skip_reserved(next)) != next;)
            next = past;
        if (next >= end)
            continue;
        run_end = end;
        for (int i = 0; i < module_count; i++) {
            uint64_t start_frame = modules[i].start & ~(PAGE_SIZE - 1ul);
            if (start_frame > next && start_frame < run_end)
                run_end = start_frame;
        }
        return true;
    }
    return false;
}

/* A zeroed frame's physical address, or NO_FRAME. */
uint64_t frame_alloc(void)
{
    uint64_t frame = free_list;

    if (frame) {
        free_list = *(uint64_t *)at(frame);
    } else {
        if (next == run_end && !next_run())
            return NO_FRAME;
        frame = next;
        next += PAGE_SIZE;
    }
    frames_used++;
    memset(at(frame), 0, PAGE_SIZE);
    return frame;
}

void frame_free(uint64_t frame)
{
    *(uint64_t *)at(frame) = free_list;
    free_list = frame;
    frames_used--;
}

/* The end of the highest usable RAM, in bytes. */
uint64_t memory_end(void)
{
    uint64_t end = 0;
    for (int i = 0; i < region_count; i++)
        if (regions[i].end > end)
            end = regions[i].end;
    return end;
}

/* Frames of RAM that the memory map offers above the first MiB, the kernel's own included. */
uint64_t frames_total(void)
{
    uint64_t total = 0;
    for (int i = 0; i < region_count; i++)
        if (regions[i].start >= LOW_MEMORY)
            total += (regions[i].end - regions[i].start) / PAGE_SIZE;
    return total;
}
