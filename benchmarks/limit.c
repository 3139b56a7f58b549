/* The limit: M/M/n+M written by hand in C, as anybody would who needs just this model.
 *
 * Built as a shared library: `simulate` takes the number of contacts, a seed, the number of agents and
 * the mean times {gap, service, patience} and the threshold in seconds; it fills in {contacts, CPU
 * seconds, share answered within the threshold, share abandoned, mean wait in seconds} and returns 0.
 *
 * One binary heap holds every future event: the next arrival, the ends of service, and an
 * abandonment for each contact that waits (ignored when it comes up for one already answered).
 * Figures are added up; nothing is logged, no interval is kept.
 * `limit_tuned.c` is the same model as tight as it could be made.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

enum { ARRIVAL, FINISH, GIVE_UP };

typedef struct {
    double at_s;
    int kind;
    int contact;
} Event;

static Event *heap;
static int size;

static void push(Event e) {
    int i = size++;
    while (i > 0 && heap[(i - 1) / 2].at_s > e.at_s) {
        heap[i] = heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap[i] = e;
}

static Event pop(void) {
    Event first = heap[0], last = heap[--size];
    int i = 0, child;
    while ((child = 2 * i + 1) < size) {
        if (child + 1 < size && heap[child + 1].at_s < heap[child].at_s) child++;
        if (last.at_s <= heap[child].at_s) break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = last;
    return first;
}

static uint64_t state; /* xorshift64 (Marsaglia 2003) */

static double exponential(double mean) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return -mean * log(((double)(state >> 12) + 0.5) * 0x1p-52);
}

int simulate(int contacts, uint64_t seed, int agents, const double *times_s, double *found) {
    const double gap = times_s[0], service = times_s[1], patience = times_s[2], threshold = times_s[3];
    state = seed * 0x9e3779b97f4a7c15u + 0x2545f4914f6cdd1du;

    double *arrived = malloc((size_t)contacts * sizeof *arrived);
    char *settled = calloc((size_t)contacts, 1); /* answered or gone */
    int *line = malloc((size_t)contacts * sizeof *line);
    heap = malloc(((size_t)contacts + (size_t)agents + 2) * sizeof *heap);
    if (!arrived || !settled || !line || !heap) return 1;

    int idle = agents, head = 0, tail = 0, offered = 0, abandoned = 0, within = 0;
    double now = 0.0, waited = 0.0;

    const clock_t start = clock();
    push((Event){exponential(gap), ARRIVAL, 0});
    while (size > 0) {
        const Event e = pop();
        now = e.at_s;
        int answer = -1; /* the contact that gets an agent now */
        if (e.kind == ARRIVAL) {
            const int me = offered++;
            arrived[me] = now;
            if (offered < contacts) push((Event){now + exponential(gap), ARRIVAL, 0});
            if (idle > 0) {
                idle--;
                answer = me;
            } else {
                line[tail++] = me;
                push((Event){now + exponential(patience), GIVE_UP, me});
            }
        } else if (e.kind == FINISH) {
            while (head < tail && settled[line[head]]) head++;
            if (head < tail) answer = line[head++];
            else idle++;
        } else if (!settled[e.contact]) {
            settled[e.contact] = 1;
            abandoned++;
            waited += now - arrived[e.contact];
        }
        if (answer >= 0) {
            const double wait = now - arrived[answer], work = exponential(service);
            settled[answer] = 1;
            waited += wait;
            within += wait <= threshold;
            push((Event){now + work, FINISH, answer});
        }
    }
    const double cpu_s = (double)(clock() - start) / CLOCKS_PER_SEC;

    found[0] = offered;
    found[1] = cpu_s;
    found[2] = (double)within / offered;
    found[3] = (double)abandoned / offered;
    found[4] = waited / offered;
    free(arrived), free(settled), free(line), free(heap);
    return 0;
}
