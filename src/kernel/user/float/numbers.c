/*
 * numbers.c: computes with doubles, long doubles and vectorised loops, as any
 * program may that gcc made for x86-64-v2, and prints what came out to the last
 * bit. `numbers pair` does it in two processes side by side, one of which rounds
 * otherwise; yield() keeps taking the CPU from one to the other while values are
 * in XMM and x87 registers. The same text comes from the same source on any
 * correct CPU and kernel (numbers.test.ts runs it on the host, too).
 */
#include "lib.h"

/* Rounding: MXCSR bits 14:13, FCW bits 11:10; precision: FCW bits 9:8. All exceptions masked. */
#define MXCSR_TO_ZERO 0x7f80
#define FCW_UP_TO_DOUBLE 0x0a7f

static char name = '-';

static void show_double(const char *what, double value)
{
    union { double value; unsigned long bits; } bits = {value};
    double size = value < 0 ? -value : value;
    unsigned long whole = (unsigned long)size;

    printf("%c %s: %s%lu.%012lu %016lx\n", name, what, value < 0 ? "-" : "", whole,
           (unsigned long)((size - (double)whole) * 1e12), bits.bits);
}

static void show_long_double(const char *what, long double value)
{
    union { long double value; unsigned long words[2]; } bits = {.words = {0, 0}};
    unsigned long whole = (unsigned long)value;

    bits.value = value;
    printf("%c %s: %lu.%018lu %04lx%016lx\n", name, what, whole,
           (unsigned long)((value - (long double)whole) * 1e18L), bits.words[1] & 0xffff, bits.words[0]);
}

/* A sun and three planets, in astronomical units, years, and a mass unit that makes gravity's constant 1. */
static struct body {
    double place[3], speed[3], mass;
} bodies[] = {
    {{0, 0, 0}, {0, 0, 0}, 39.4784176},
    {{1, 0, 0}, {0, 6.2831853, 0}, 0.000118},
    {{5.2, 0, 0.1}, {0, 2.755, 0.01}, 0.0376937},
    {{-9.5, 0.3, 0}, {0.02, -2.038, 0.03}, 0.0112863},
};

static void move(double time)
{
    for (struct body *a = bodies; a < bodies + COUNT(bodies); a++) {
        for (struct body *b = a + 1; b < bodies + COUNT(bodies); b++) {
            double way[3], square = 0;
            for (int i = 0; i < 3; i++) {
                way[i] = a->place[i] - b->place[i];
                square += way[i] * way[i];
            }
            double pull = time / (square * __builtin_sqrt(square));
            for (int i = 0; i < 3; i++) {
                a->speed[i] -= way[i] * b->mass * pull;
                b->speed[i] += way[i] * a->mass * pull;
            }
        }
    }
    for (struct body *a = bodies; a < bodies + COUNT(bodies); a++)
        for (int i = 0; i < 3; i++)
            a->place[i] += time * a->speed[i];
}

static double energy(void)
{
    double sum = 0;

    for (struct body *a = bodies; a < bodies + COUNT(bodies); a++) {
        for (int i = 0; i < 3; i++)
            sum += 0.5 * a->mass * a->speed[i] * a->speed[i];
        for (struct body *b = a + 1; b < bodies + COUNT(bodies); b++) {
            double square = 0;
            for (int i = 0; i < 3; i++)
                square += (a->place[i] - b->place[i]) * (a->place[i] - b->place[i]);
            sum -= a->mass * b->mass / __builtin_sqrt(square);
        }
    }
    return sum;
}

static void doubles(void)
{
    show_double("energy before", energy());
    for (int step = 0; step < 300; step++) {
        move(0.003);
        yield();
    }
    show_double("energy after", energy());
    show_double("earth", bodies[1].place[0]);
    show_double("saturn", bodies[3].place[1]);
}

/* The sums live in registers while others run. */
static void series(void)
{
    double harmonic = 0, quarter = 0;
    float alternating = 0;

    for (int i = 1; i <= 400; i++) {
        harmonic += 1.0 / i;
        quarter += (i & 1 ? 1.0 : -1.0) / (2 * i - 1);
        alternating += (i & 1 ? 1.0f : -1.0f) / (float)i;
        yield();
    }
    show_double("harmonic", harmonic);
    show_double("pi", quarter * 4);
    show_double("log 2", (double)alternating);
}

static void long_doubles(void)
{
    long double e = 1, term = 1, root = 2, product = 1;

    for (int i = 1; i < 30; i++) {
        term /= i;
        e += term;
        root = __builtin_sqrtl(root + i);
        product *= 1 + 1.0L / (i * i);
        yield();
    }
    show_long_double("e", e);
    show_long_double("nested roots", root);
    show_long_double("product", product);
}

#define MANY 1024
static float singles[MANY];
static int words[MANY];
static short halves[MANY];
static unsigned char octets[MANY];

static void vectors(void)
{
    float sum = 0;
    unsigned long mixed = 0;

    for (int i = 0; i < MANY; i++) {
        singles[i] = (float)(i - 500) * 0.37f;
        words[i] = i * i - 4000;
        halves[i] = (short)(i * 77);
        octets[i] = (unsigned char)(i * 13);
    }
    for (int turn = 0; turn < 20; turn++) {
        for (int i = 0; i < MANY; i++)
            singles[i] = singles[i] * 0.99f + (float)words[i] * 1e-6f;
        for (int i = 0; i < MANY; i++)
            words[i] = words[i] > 30000 ? words[i] - turn : words[i] * 3;
        for (int i = 0; i < MANY; i++)
            halves[i] = (short)(halves[i] * 5 + turn);
        for (int i = 0; i < MANY; i++)
            octets[i] = octets[i] > 100 ? (unsigned char)(octets[i] ^ turn) : (unsigned char)(octets[i] + 7);
        yield();
    }
    for (int i = 0; i < MANY; i++) {
        sum += singles[i];
        mixed = mixed * 31 + (unsigned)words[i] + (unsigned short)halves[i] + octets[i];
    }
    show_double("singles", (double)sum);
    printf("%c integers: %016lx\n", name, mixed);
}

static void compute(void)
{
    doubles();
    series();
    long_doubles();
    vectors();
}

int main(int argc, char **argv)
{
    int code, sum = 0;

    if (argc == 1) {
        compute();
        return 0;
    }
    (void)argv;
    for (name = 'A'; name <= 'B'; name++) {
        if (fork() == 0) {
            if (name == 'B') {
                static const unsigned mxcsr = MXCSR_TO_ZERO;
                static const unsigned short fcw = FCW_UP_TO_DOUBLE;
                asm volatile("ldmxcsr %0\n\tfldcw %1" : : "m"(mxcsr), "m"(fcw));
            }
            compute();
            exit(0);
        }
    }
    while (waitpid(-1, &code) > 0)
        sum += code;
    return sum;
}
