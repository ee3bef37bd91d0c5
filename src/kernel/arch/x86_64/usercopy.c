/* usercopy.c: copying across the ring boundary: bad pointers give false, never a kernel fault. */
#include "kernel.h"

bool user_copy(void *to, const void *from, size_t count);

/*
 * Ring 0 may read its own half, so an address from ring 3 must first be shown to
 * lie in the lower half; the page tables decide the rest.
 */
static bool is_user_range(uint64_t start, size_t count)
{
    return count <= USER_END && start <= USER_END - count;
}

/* With SMAP, ring 0 may touch pages with U=1 only while RFLAGS.AC is 1 (SDM vol. 3A, 4.6.1). */
static bool guarded_copy(void *to, const void *from, size_t count)
{
    bool done;

    if (cpu.smap)
        asm volatile("stac" : : : "memory");
    done = user_copy(to, from, count);
    if (cpu.smap)
        asm volatile("clac" : : : "memory");
    return done;
}

bool copy_from_user(void *to, uint64_t from, size_t count)
{
    return is_user_range(from, count) && guarded_copy(to, (const void *)from, count);
}

bool copy_to_user(uint64_t to, const void *from, size_t count)
{
    return is_user_range(to, count) && guarded_copy((void *)to, from, count);
}

/* A zero-terminated line of at most LINE_SIZE - 1 characters. Returns its length or an error. */
int64_t copy_line_from_user(char to[LINE_SIZE], uint64_t from)
{
    for (int i = 0; i < LINE_SIZE; i++) {
        if (!copy_from_user(&to[i], from + (uint64_t)i, 1))
            return -EFAULT;
        if (!to[i])
            return i;
    }
    return -E2BIG;
}
