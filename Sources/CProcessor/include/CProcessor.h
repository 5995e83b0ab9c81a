/// There is nothing to call. Linking this module checks the processor before `main` begins.
#pragma once
