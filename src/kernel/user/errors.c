/* errors.c: each system call, each error it can answer with. */
#include "lib.h"

#define PAGE 4096
#define KERNEL ((void *)0xffffffff80100000)
#define NOWHERE ((void *)0x1000)

static const char read_only_text[64] = "constant";

static void say(const char *what, long result)
{
    printf("%s: %ld\n", what, result);
}

static void bad_pointers(void)
{
    char *end = mmap((void *)0x10000000, PAGE, PROT_READ | PROT_WRITE);

    say("write from address 0", write(1, NULL, 1));
    say("write from the kernel", write(1, KERNEL, 1));
    say("write from nowhere", write(1, NOWHERE, 1));
    say("write up to the end of the address space", write(1, (void *)0x7fffffffffff, 2));
    say("write from a non-canonical address", write(1, (void *)0x800000000000, 1));
    say("write that wraps around", write(1, (void *)-1l, 2));
    say("write of nothing from nowhere", write(1, NOWHERE, 0));
    end[PAGE - 1] = '\n';
    say("write across the end of a page", write(1, end + PAGE - 1, 2));
    say("exec of a name in the kernel", exec(KERNEL));
    say("info into the kernel", info(INFO_MEMORY, 0, KERNEL));
    say("info into read-only data", info(INFO_MEMORY, 0, (void *)read_only_text));
    munmap(end, PAGE);
}

static void bad_arguments(void)
{
    char name[LINE_SIZE + 1];
    int code;

    say("write to descriptor 3", write(3, "x", 1));
    say("write to descriptor 0", write(0, "x", 1));
    say("read from descriptor 1", read(1, name, 1));
    say("mmap of no length", (long)mmap(NULL, 0, PROT_READ));
    say("mmap at an odd address", (long)mmap((void *)1, PAGE, PROT_READ));
    say("mmap over the program", (long)mmap((void *)0x400000, PAGE, PROT_READ));
    say("mmap over the kernel", (long)mmap((void *)0xffffffff80100000, PAGE, PROT_READ));
    say("mmap of nothing readable", (long)mmap(NULL, PAGE, PROT_WRITE));
    say("mmap of too much", (long)mmap(NULL, 1ul << 40, PROT_READ));
    say("munmap at an odd address", munmap((void *)1, PAGE));
    say("munmap of the kernel", munmap(KERNEL, PAGE));
    say("brk below the heap", (long)brk((void *)1));
    say("brk too far", (long)brk((void *)0x7f0000000000));
    say("waitpid without children", waitpid(-1, &code));
    say("waitpid for a stranger", waitpid(77, &code));
    say("exec of an unknown program", exec("nobody"));
    for (unsigned i = 0; i <= LINE_SIZE; i++)
        name[i] = 'x';
    say("exec of too long a line", exec(name));
    say("info of no kind", info(9, 0, name));
    say("info past the last module", info(INFO_MODULE, 99, name));
    say("return_by of no kind", syscall(SYS_return_by, 2, 0, 0));
    say("system call 0", syscall(0, 0, 0, 0));
    say("system call 99", syscall(99, 0, 0, 0));
    say("system call -1", syscall(-1, 0, 0, 0));
}

static void good_ones(void)
{
    int code = 0;

    say("getpid", getpid());
    say("yield", yield());
    say("sleep", sleep(20));
    say("uptime after that is at least 20", uptime() >= 20);
    long pid = fork();
    if (pid == 0)
        exit(42);
    say("waitpid gives the child", waitpid(pid, &code) == pid);
    say("and its code", code);
    pid = fork();
    if (pid == 0)
        exit((int)-exec("hello one two"));
    say("exec in a child", waitpid(pid, &code) == pid);
    say("and its code", code);
    if (fork() == 0)
        exit(1);
    say("waitpid into the kernel", waitpid(-1, KERNEL));
}

int main(void)
{
    bad_pointers();
    bad_arguments();
    good_ones();
    return 0;
}
