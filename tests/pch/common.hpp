// What nearly every test includes, compiled once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../../src/pch/common.hpp"
