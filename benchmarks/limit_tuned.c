/* The model of `limit.c` as tight as it could be made: what is left when nothing else matters.
 *
 * `simulate` is as in `limit.c`.
 *
 * One heap holds every future event: the next arrival, the ends of service, and one abandonment
 * for each contact in line. Figures are added up, nothing is logged.
 *
 * What was tried (ns a contact on one machine, medians of nine interleaved rounds) and kept:
 *   - a heap of 4 children a node: 65; of 2: 72; of 8: no better than 2
 *   - an abandonment leaves the heap when its contact is answered: 65; stays in and is ignored
 *     when it comes up: 72. The heap is a quarter smaller, which pays for keeping positions.
 *   - -log(u) over a buffer, which the compiler turns into vector code: 65; one at a time: 79
 *   - time and payload packed in one 64-bit word: 64, and a limit on the length of a run: not kept
 *   - sifting a fixed number of levels without branches: no gain
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

/* --- draws: xoshiro256+ (Blackman and Vigna 2018), seeded by SplitMix64 ------------------- */

static uint64_t state[4];

static uint64_t splitmix(uint64_t *x) {
    uint64_t z = (*x += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline uint64_t rotl(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline uint64_t next_bits(void) {
    uint64_t result = state[0] + state[3], t = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= t;
    state[3] = rotl(state[3], 45);
    return result;
}

enum { BUFFER = 1024 };
static uint64_t bits[BUFFER];
static double exponentials[BUFFER];
static int used = BUFFER;

static void refill(void) {
    for (int i = 0; i < BUFFER; i++) bits[i] = next_bits();
    /* 52 bits, the last one set: u is in (0, 1), so that the logarithm is finite. */
    for (int i = 0; i < BUFFER; i++) exponentials[i] = -log((double)(int64_t)((bits[i] >> 12) | 1) * 0x1p-52);
    used = 0;
}

static inline double exponential(void) {
    if (used == BUFFER) refill();
    return exponentials[used++];
}

/* --- the heap: 4 children a node; the clock is an integer, as in careloop ------------------ */

typedef struct {
    int64_t at;    /* microseconds */
    uint64_t what; /* place in line << 2 | kind */
} Event;

enum { ARRIVAL, FINISH, GIVE_UP };
enum { LINE = 1 << 16, NO_PLACE = LINE }; /* places in line, reused in turn */

static Event *heap;
static int size;
static int position[LINE + 1]; /* of the abandonment of each place; the last is for all else */

/* Written for every event: a store to the spare place is cheaper than a branch. */
static inline void put(int i, Event e) {
    heap[i] = e;
    position[e.what >> 2] = i;
}

/* The earliest of four siblings, by conditional moves: which one it is cannot be predicted. */
static inline int earliest(int c) {
    const int a = c + (heap[c + 1].at < heap[c].at);
    const int b = c + 2 + (heap[c + 3].at < heap[c + 2].at);
    return heap[b].at < heap[a].at ? b : a;
}

static inline void sift_up(int i, Event e) {
    while (i > 0) {
        int parent = (i - 1) / 4;
        if (heap[parent].at <= e.at) break;
        put(i, heap[parent]);
        i = parent;
    }
    put(i, e);
}

/* Places past the end hold INT64_MAX, so that four children can always be compared. */
static inline void sift_down(int i, Event e) {
    for (int c; (c = 4 * i + 1) < size; i = c) {
        c = earliest(c);
        if (heap[c].at >= e.at) break;
        put(i, heap[c]);
    }
    put(i, e);
}

static inline void push(Event e) { sift_up(size++, e); }

static inline void replace_first(Event e) { sift_down(0, e); }

static inline Event take_last(void) {
    Event e = heap[--size];
    heap[size].at = INT64_MAX;
    return e;
}

static inline void pop(void) {
    Event e = take_last();
    if (size > 0) sift_down(0, e);
}

static void drop(int i) {
    Event e = take_last();
    if (i == size) return;
    if (i > 0 && heap[(i - 1) / 4].at > e.at) sift_up(i, e);
    else sift_down(i, e);
}

/* --- the model ----------------------------------------------------------------------------- */

static int64_t arrived[LINE]; /* by place; GONE once the contact has given up */
enum { GONE = -1 };

static inline Event event(int64_t at, int kind, uint64_t place) { return (Event){at, place << 2 | (uint64_t)kind}; }

static void *array(size_t count, size_t width) {
    /* Children 4i+1 .. 4i+4 share a cache line where node 1 starts one. */
    char *block = aligned_alloc(64, (count * width / 64 + 2) * 64);
    return block == NULL ? NULL : block + 64 - width;
}

int simulate(int contacts, uint64_t seed, int agents, const double *times_s, double *found) {
    const int capacity = agents + LINE + 8;
    const double gap = times_s[0] * 1e6, service = times_s[1] * 1e6, patience = times_s[2] * 1e6;
    const int64_t threshold = (int64_t)(times_s[3] * 1e6);

    for (int i = 0; i < 4; i++) state[i] = splitmix(&seed);
    used = BUFFER;
    heap = array((size_t)capacity, sizeof(Event));
    if (heap == NULL) return 1;
    for (int i = 0; i < capacity; i++) heap[i].at = INT64_MAX;

    int idle = agents;
    uint64_t head = 0, tail = 0; /* the line is [head, tail), with those who left still in it */
    int64_t now = 0, offered = 0, abandoned = 0, within = 0, waited = 0;

    const clock_t start = clock();
    push(event((int64_t)(gap * exponential()), ARRIVAL, NO_PLACE));
    while (size > 0) {
        const Event e = heap[0];
        const int kind = (int)(e.what & 3);
        now = e.at;
        if (kind == ARRIVAL) {
            Event mine;
            offered++;
            if (idle > 0) {
                const int64_t work = (int64_t)(service * exponential());
                idle--;
                within++;
                mine = event(now + work, FINISH, NO_PLACE);
            } else {
                const uint64_t place = tail % LINE;
                if (tail++ - head == LINE) return 1;
                arrived[place] = now;
                mine = event(now + (int64_t)(patience * exponential()), GIVE_UP, place);
            }
            if (offered == contacts) {
                replace_first(mine);
            } else {
                replace_first(event(now + (int64_t)(gap * exponential()), ARRIVAL, NO_PLACE));
                push(mine);
            }
        } else if (kind == FINISH) {
            while (head != tail && arrived[head % LINE] == GONE) head++;
            if (head == tail) {
                idle++;
                pop();
            } else {
                const uint64_t place = head++ % LINE;
                const int64_t wait = now - arrived[place], work = (int64_t)(service * exponential());
                waited += wait;
                within += wait <= threshold;
                drop(position[place]);
                replace_first(event(now + work, FINISH, NO_PLACE));
            }
        } else {
            const uint64_t place = e.what >> 2;
            abandoned++;
            waited += now - arrived[place];
            arrived[place] = GONE;
            pop();
        }
    }
    const double cpu_s = (double)(clock() - start) / CLOCKS_PER_SEC;

    found[0] = (double)offered;
    found[1] = cpu_s;
    found[2] = (double)within / (double)offered;
    found[3] = (double)abandoned / (double)offered;
    found[4] = (double)waited * 1e-6 / (double)offered;
    free((char *)heap - 64 + sizeof(Event));
    return 0;
}
