/** Public face of `jobs`: dumps and images on their way, one at a time, with progress and cancel. */
export { createFinisher, type Finisher } from "./finisher.ts";
export { type ArrivingJob, createJobs, type JobEnd, type JobRequest, type Jobs } from "./jobs.ts";
export { problemOf } from "./problem.ts";
export { openQueue } from "./queue.ts";
export { createStripper, type Stripper, type StripperParts } from "./stripper.ts";
