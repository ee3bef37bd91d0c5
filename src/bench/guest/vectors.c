/* Work in XMM registers. Compiled with SSE2 for both word sizes, so that both do the same operations on doubles. */
#include "bench.h"

#define BODIES 5

struct body {
  double x, y, z, vx, vy, vz, mass;
};

/* Sun, Jupiter, Saturn, Uranus, Neptune: astronomical units, days, and masses times the constant of gravitation. */
static const struct body start[BODIES] = {
    {0, 0, 0, 0, 0, 0, 2.9591220828559093e-4},
    {4.84143, -1.16032, -0.10362, 0.001660077, 0.007699011, -0.0000690460, 2.8253459e-7},
    {8.34337, 4.12480, -0.40352, -0.002767425, 0.004998528, 0.0000230417, 8.4597059e-8},
    {12.89437, -15.11115, -0.22331, 0.002964601, 0.002378472, -0.0000296590, 1.2920249e-8},
    {15.37970, -25.91931, 0.17926, 0.002680678, 0.001628242, -0.0000951592, 1.5243589e-8},
};

static inline double square_root(double value) {
  __asm__("sqrtsd %0, %0" : "+x"(value));
  return value;
}

static void step(struct body *bodies, double days) {
  for (int i = 0; i < BODIES; i++) {
    struct body *a = &bodies[i];
    for (int j = i + 1; j < BODIES; j++) {
      struct body *b = &bodies[j];
      double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
      double square = dx * dx + dy * dy + dz * dz;
      double pull = days / (square * square_root(square));
      a->vx -= dx * b->mass * pull, a->vy -= dy * b->mass * pull, a->vz -= dz * b->mass * pull;
      b->vx += dx * a->mass * pull, b->vy += dy * a->mass * pull, b->vz += dz * a->mass * pull;
    }
  }
  for (struct body *b = bodies; b < bodies + BODIES; b++) {
    b->x += days * b->vx, b->y += days * b->vy, b->z += days * b->vz;
  }
}

/* One unit: 10,000 days. The checksum takes in every bit of every place. */
u32 nbody(u32 n) {
  struct body bodies[BODIES];
  for (int i = 0; i < BODIES; i++) bodies[i] = start[i];
  for (u32 days = n * 10000; days != 0; days--) step(bodies, 1);
  u32 sum = 0;
  for (int i = 0; i < BODIES; i++) {
    union {
      double place[3];
      u32 words[6];
    } bits = {{bodies[i].x, bodies[i].y, bodies[i].z}};
    for (int w = 0; w < 6; w++) sum = sum * 31 + bits.words[w];
  }
  return sum;
}

#define COPY_BYTES (1u << 20)
typedef long long vector __attribute__((vector_size(16)));
/* By name, because a compiler may choose MOVUPS and MOVAPS for the same. */
#define LOAD(vector, at) __asm__ volatile("movdqu %1, %0" : "=x"(vector) : "m"(*(const u8(*)[16])(at)))
#define STORE(at, vector) __asm__ volatile("movdqa %1, %0" : "=m"(*(u8(*)[16])(at)) : "x"(vector))

/* One unit: a mebibyte, 64 bytes a turn, from a place that is not aligned to one that is. */
u32 sse2_memcpy(u32 n) {
  u8 *aligned = copy_to - (word)copy_to % 16 + 16;
  for (u32 i = 0; i < COPY_BYTES; i += 61) copy_from[i + 3] = (u8)(i * 131 >> 3);
  while (n-- > 0) {
    const u8 *from = copy_from + 3;
    from += n & 1;
    for (u8 *to = aligned; to < aligned + COPY_BYTES; to += 64, from += 64) {
      vector a, b, c, d;
      LOAD(a, from);
      LOAD(b, from + 16);
      LOAD(c, from + 32);
      LOAD(d, from + 48);
      STORE(to, a);
      STORE(to + 16, b);
      STORE(to + 32, c);
      STORE(to + 48, d);
    }
  }
  u32 sum = 0;
  for (u32 i = 0; i < COPY_BYTES; i += 4087) sum = sum * 31 + aligned[i];
  return sum;
}
