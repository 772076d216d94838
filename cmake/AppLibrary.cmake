# app_library(NAME [DIRECTORY path] [SHARDS n] [EXCEPT a.cc …] [LIBRARIES ZLIB::ZLIB …])
#
# One static library per top folder of sources: all .cc files in and below NAME/, on top of the
# libraries of the folders that layers.txt says. What stands in a folder `testing` is a library of
# its own, NAME_testing, for tests only; *_test.cc are one GoogleTest binary, NAME_test. EXCEPT: files
# that belong to a program.
#
# ctest runs that binary as unit.NAME, label "unit"; where it takes long, as SHARDS processes, each
# of which makes its part of the tests: a process for each test would cost more than most of the
# tests, above all under the sanitizers.

# unit_tests(NAME SHARDS)
function(unit_tests name shards)
  math(EXPR last "${shards} - 1")
  foreach(shard RANGE ${last})
    set(test unit.${name})
    if(shards GREATER 1)
      set(test unit.${name}.${shard})
    endif()
    add_test(NAME ${test} COMMAND ${name}_test --gtest_brief=1)
    set_tests_properties(${test} PROPERTIES LABELS unit TIMEOUT 600
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${shards};GTEST_SHARD_INDEX=${shard}")
  endforeach()
endfunction()

# our_library(NAME FILES…)
function(our_library name)
  add_library(${name} STATIC ${ARGN})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE warnings)
endfunction()

function(app_library name)
  cmake_parse_arguments(ARG "" "DIRECTORY;SHARDS" "EXCEPT;LIBRARIES" ${ARGN})
  if(NOT ARG_DIRECTORY)
    set(ARG_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/${name})
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${ARG_DIRECTORY}/*.cc)
  list(TRANSFORM ARG_EXCEPT PREPEND ${ARG_DIRECTORY}/)
  list(REMOVE_ITEM sources ${ARG_EXCEPT})
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  set(testing ${sources})
  list(FILTER testing INCLUDE REGEX "/testing/[a-z0-9_]+\\.cc$")
  list(FILTER sources EXCLUDE REGEX "/testing/[a-z0-9_]+\\.cc$")

  layers_below(${name} below)
  our_library(${name} ${sources})
  target_link_libraries(${name} PUBLIC ${below} ${ARG_LIBRARIES})
  if(testing)
    our_library(${name}_testing ${testing})
    target_link_libraries(${name}_testing PUBLIC ${name} GTest::gtest)
    set_property(GLOBAL APPEND PROPERTY TESTING_LIBRARIES ${name}_testing)
  endif()
  if(tests)
    get_property(all_testing GLOBAL PROPERTY TESTING_LIBRARIES)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${all_testing} ${name} warnings GTest::gtest_main)
    if(NOT ARG_SHARDS)
      set(ARG_SHARDS 1)
    endif()
    unit_tests(${name} ${ARG_SHARDS})
  endif()
endfunction()
