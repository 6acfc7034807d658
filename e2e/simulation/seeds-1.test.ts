import { describeSeeds } from "./seeds-for-tests.ts";

describeSeeds(1, 100);
