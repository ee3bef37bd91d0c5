/* memory.c: brk, mmap, munmap and the stack: pages that come when they are touched. */
#include "lib.h"

#define PAGE 4096

static unsigned long frames(void)
{
    struct memory_info memory;

    info(INFO_MEMORY, 0, &memory);
    return memory.frames_used;
}

/* Runs `body` in a child; returns its exit code. */
static int in_child(void (*body)(char *), char *argument)
{
    int code = -1;
    long pid = fork();

    if (pid == 0) {
        body(argument);
        exit(0);
    }
    waitpid(pid, &code);
    return code;
}

static void touch(char *page)
{
    *(volatile char *)page = 1;
}

static void call(char *page)
{
    ((void (*)(void))page)();
}

static int deep(int depth)
{
    volatile char pad[512];

    pad[0] = (char)depth;
    return depth == 0 ? 0 : deep(depth - 1) + pad[0] - (char)depth + 1;
}

static void heap(void)
{
    char *start = brk(NULL);
    unsigned long before = frames();

    brk(start + 100 * PAGE);
    printf("brk: 100 pages more, frames used now: %lu\n", frames() - before);
    start[5 * PAGE] = 'x';
    start[50 * PAGE] = 'y';
    printf("brk: two pages touched, frames used now: %lu\n", frames() - before);
    printf("brk: an untouched byte is %d\n", start[99 * PAGE]);
    brk(start);
    printf("brk: given back, a touch ends with exit code %d\n", in_child(touch, start + 5 * PAGE));
}

static void maps(void)
{
    char *page = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE);

    printf("mmap: %lx, a byte is %d\n", (unsigned long)page, page[PAGE]);
    page[0] = 'a';
    page[PAGE] = 'b';
    page[2 * PAGE] = 'c';
    printf("munmap of the middle: %ld\n", munmap(page + PAGE, PAGE));
    printf("mmap: both ends are still %c and %c\n", page[0], page[2 * PAGE]);
    printf("mmap: the middle ends with exit code %d\n", in_child(touch, page + PAGE));
    printf("mmap: calling a page without PROT_EXEC ends with exit code %d\n", in_child(call, page));

    char *read_only = mmap(NULL, PAGE, PROT_READ);
    printf("mmap: a byte of a read-only page is %d\n", *(volatile char *)read_only);
    printf("mmap: writing to a read-only page ends with exit code %d\n", in_child(touch, read_only));

    char *code = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
    code[0] = (char)0xc3;       /* RET */
    printf("mmap: calling RET in a page with PROT_EXEC ends with exit code %d\n", in_child(call, code));
    munmap(page, 3 * PAGE);
    munmap(read_only, PAGE);
    munmap(code, PAGE);
}

int main(void)
{
    unsigned long before;

    in_child(touch, (char *)&before);       /* whatever a first call needs is there now */
    before = frames();
    heap();
    maps();
    printf("stack: 200 calls deep: %d\n", deep(200));
    printf("frames more than before, the stack's and tables': %lu\n", frames() - before);
    return 0;
}
