// One table of keys and their names in the archive, and how names are kept apart.
#include "zip/names.h"

#include "base/error.h"
#include "base/text.h"
#include "zip/format.h"

#include <array>
#include <iostream>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace zip {
namespace {

using namespace std::string_view_literals;

struct Case {
  std::string_view raw;
  std::string_view portable;
  std::string_view exact;
};

// clang-format off
constexpr std::array cases{
    // ---- nothing to do
    Case{"a.txt", "a.txt", "a.txt"},
    Case{"folder/sub folder/a b.txt", "folder/sub folder/a b.txt", "folder/sub folder/a b.txt"},
    Case{"folder/", "folder/", "folder/"},
    Case{"a/b/", "a/b/", "a/b/"},
    Case{"gr\u00FC\u00DFe/\u65E5\u672C\u8A9E.txt", "gr\u00FC\u00DFe/\u65E5\u672C\u8A9E.txt", "gr\u00FC\u00DFe/\u65E5\u672C\u8A9E.txt"},
    Case{"\U0001F600", "\U0001F600", "\U0001F600"},
    Case{" leading space", " leading space", " leading space"},
    Case{".hidden/.file", ".hidden/.file", ".hidden/.file"},
    Case{"...a", "...a", "...a"},
    Case{"a%2Fb+c&d=e#f;g'h(1)!", "a%2Fb+c&d=e#f;g'h(1)!", "a%2Fb+c&d=e#f;g'h(1)!"},
    // A decomposed name stays decomposed.
    Case{"u\u0308.txt", "u\u0308.txt", "u\u0308.txt"},

    // ---- the root
    Case{"/a", "a", "a"},
    Case{"/a/", "a/", "a/"},
    Case{"//a", "_/a", "a"},
    Case{"", "_", "_"},
    Case{"/", "_/", "_/"},
    Case{"//", "_/", "_/"},
    Case{"///", "_/_/", "_/"},
    Case{"C:/a", "C/a", "C/a"},
    Case{"c:a", "ca", "ca"},
    Case{"C:\\a\\b", "C_a_b", "C_a_b"},
    Case{"C::a", "Ca", "Ca"},
    Case{"/C:/a", "C/a", "C/a"},
    Case{"//C:/a", "_/C_/a", "C/a"},
    Case{"C:/", "C/", "C/"},
    Case{"\\\\server\\share", "__server_share", "__server_share"},
    Case{"1:2", "1_2", "1:2"},
    Case{"CD:a", "CD_a", "CD:a"},

    // ---- segments that lead elsewhere
    Case{"..", "_", "_"},
    Case{"../a", "_/a", "_/a"},
    Case{"/../a", "_/a", "_/a"},
    Case{"a/../../b", "a/_/_/b", "a/_/_/b"},
    Case{"a/..", "a/_", "a/_"},
    Case{"a/../", "a/_/", "a/_/"},
    Case{"..\\a", ".._a", ".._a"},
    Case{"./a", "_/a", "./a"},
    Case{"a/./b", "a/_/b", "a/./b"},
    Case{"a//b", "a/_/b", "a//b"},
    Case{"a//", "a/_/", "a//"},
    Case{"...", "..._", "..."},
    Case{".. ", ".. _", ".. "},

    // ---- characters
    Case{"a\\b", "a_b", "a_b"},
    Case{"aa:b*c?d\"e<f>g|h", "aa_b_c_d_e_f_g_h", "aa:b*c?d\"e<f>g|h"},
    Case{"line\nfeed\r\ttab", "line_feed__tab", "line_feed__tab"},
    Case{"nul\0byte"sv, "nul_byte", "nul_byte"},
    Case{"\x01\x1F\x7F", "___", "___"},
    Case{"c1\u0080\u009Bend", "c1__end", "c1__end"},
    Case{"nbsp\u00A0", "nbsp\u00A0", "nbsp\u00A0"},
    Case{"bad\xFF" "utf8", "bad\uFFFDutf8", "bad\xFF" "utf8"},
    Case{"cut\xE2\x82", "cut\uFFFD", "cut\xE2\x82"},
    Case{"overlong\xC0\xAF", "overlong\uFFFD\uFFFD", "overlong\xC0\xAF"},

    // ---- names that Windows takes for something else
    Case{"a.", "a._", "a."},
    Case{"a ", "a _", "a "},
    Case{"a./b", "a._/b", "a./b"},
    Case{"folder /", "folder _/", "folder /"},
    Case{"CON", "CON_", "CON"},
    Case{"con", "con_", "con"},
    Case{"nul.txt", "nul_.txt", "nul.txt"},
    Case{"NUL.tar.gz", "NUL_.tar.gz", "NUL.tar.gz"},
    Case{"NUL .txt", "NUL _.txt", "NUL .txt"},
    Case{"nul.", "nul_._", "nul."},
    Case{"prn/aux/a", "prn_/aux_/a", "prn/aux/a"},
    Case{"COM1/", "COM1_/", "COM1/"},
    Case{"com0", "com0_", "com0"},
    Case{"LPT9.log", "LPT9_.log", "LPT9.log"},
    Case{"COM\u00B2", "COM\u00B2_", "COM\u00B2"},
    Case{"CONIN$", "CONIN$_", "CONIN$"},
    Case{"CONSOLE", "CONSOLE", "CONSOLE"},
    Case{"COM10", "COM10", "COM10"},
    Case{"COM", "COM", "COM"},
    Case{"a.con", "a.con", "a.con"},
};
// clang-format on

TEST(CleanName, follows_the_table) {
  for (Case const& row : cases) {
    EXPECT_EQ(clean_name(row.raw, NameRule::portable), row.portable) << row.raw;
    EXPECT_EQ(clean_name(row.raw, NameRule::exact), row.exact) << row.raw;
  }
}

TEST(CleanName, shortens_long_segments_in_the_stem) {
  auto const portable = [](std::string const& raw) { return clean_name(raw, NameRule::portable); };
  auto const x = [](std::size_t count) { return std::string(count, 'x'); };
  EXPECT_EQ(portable(x(255)), x(255));
  EXPECT_EQ(portable(x(256)), x(255));
  EXPECT_EQ(portable(x(300) + ".jpeg"), x(250) + ".jpeg");
  EXPECT_EQ(portable(x(300) + "/" + x(300) + ".c/"), x(255) + "/" + x(253) + ".c/");
  EXPECT_EQ(portable(x(300) + ". a sentence"), x(255)) << "that is no extension";
  EXPECT_EQ(portable(x(10) + "." + x(300)), (x(10) + "." + x(300)).substr(0, 255)) << "nor that";
  EXPECT_EQ(portable(x(254) + "\u00FC"), x(254)) << "no half characters";
  EXPECT_EQ(portable(x(253) + "\U0001F600.txt"), x(251) + ".txt");
  EXPECT_EQ(portable(x(254) + " " + x(9)), x(254) + "_") << "no space at the end";
  EXPECT_EQ(portable(x(254) + "."), x(253) + "._");
  EXPECT_EQ(clean_name(x(300) + ".jpeg", NameRule::exact), x(300) + ".jpeg");
}

TEST(CleanName, gives_any_path_a_name_within_the_format) {
  std::string const folder = std::string(199, 'd') + '/';
  std::string deep = "first/";
  while (deep.size() < max_name_bytes) deep += folder;
  std::string const name = clean_name(deep + "file.txt", NameRule::portable);
  EXPECT_LE(name.size(), max_name_bytes);
  EXPECT_GT(name.size(), max_name_bytes - folder.size());
  EXPECT_TRUE(name.starts_with("first/" + folder)) << "the innermost folders go";
  EXPECT_TRUE(name.ends_with("d/file.txt"));
  EXPECT_TRUE(clean_name(deep + "sub/", NameRule::portable).ends_with("d/sub/")) << "a directory";

  std::string const longest(max_name_bytes, 'x');
  EXPECT_EQ(clean_name(longest, NameRule::exact), longest);
  EXPECT_EQ(clean_name(longest + "x", NameRule::exact), longest) << "a longer one loses its end";
  EXPECT_EQ(clean_name(longest + "/C:x", NameRule::exact), "Cx") << "no drive comes to light";
  std::string const huge(max_name_bytes, '.');
  EXPECT_EQ(clean_name(huge + "/a.txt", NameRule::exact), "a.txt");
  EXPECT_EQ(clean_name("a/" + huge + "b.txt", NameRule::exact),
            "a/" + std::string(max_name_bytes - 6, '.') + ".txt");
  EXPECT_EQ(clean_name(huge + "b/", NameRule::exact).size(), max_name_bytes);
}

TEST(ShownName, is_valid_utf8_and_short) {
  EXPECT_EQ(shown_name("a\xFF"), "a\uFFFD");
  EXPECT_EQ(shown_name(std::string(199, 'x') + "\u00FC" + std::string(50, 'x')),
            std::string(199, 'x') + "\u2026");
}

// Common names take a short way, which must lead to the same result. A non-ASCII letter keeps a
// name off it.
TEST(CleanName, is_the_same_on_the_short_way) {
  std::uint64_t const seed = 78;
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  std::string const long_part(250, 'x');
  std::array<std::string_view, 14> const parts{
      "/", "/", "con", "COM1", "conout$", "nul", " ", ".", "a", "b.c", "*", "~", "..", long_part};
  for (int i = 0; i < 30'000; ++i) {
    std::string raw = i % 2 == 0 ? "a" : "";
    for (std::uint64_t n = random() % 9; n > 0; --n) raw += parts[random() % parts.size()];
    if (raw.empty() || raw.starts_with('/')) continue;
    for (NameRule const rule : {NameRule::portable, NameRule::exact})
      ASSERT_EQ("\u00FC/" + clean_name(raw, rule), clean_name("\u00FC/" + raw, rule)) << raw;
  }
}

// The name for any bytes can be unpacked without leaving the folder, and stays the same when it is
// cleaned again.
TEST(CleanName, is_safe_and_stable_for_any_bytes) {
  std::uint64_t const seed = 77;
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  constexpr std::array parts{"/"sv,    "\\"sv,   ".."sv,     "."sv,      "C:"sv,
                             " "sv,    "con"sv,  "a"sv,      "\0"sv,     "\n"sv,
                             "\xFF"sv, "\xC2"sv, "\x85"sv,   "\u0085"sv, "COM"sv,
                             "1"sv,    ":"sv,    "\u00FC"sv, ".x"sv,     "xxxxxxxxxxxxxxxxxxx"sv};
  for (int i = 0; i < 30'000; ++i) {
    std::string raw;
    for (std::uint64_t n = random() % (i % 100 == 0 ? 200 : 9); n > 0; --n)
      raw += parts[random() % parts.size()];
    for (NameRule const rule : {NameRule::portable, NameRule::exact}) {
      std::string const name = clean_name(raw, rule);
      SCOPED_TRACE(base::hex(base::as_bytes(raw)));
      ASSERT_EQ(clean_name(name, rule), name);
      ASSERT_EQ(name.ends_with('/'), raw.ends_with('/'));
      ASSERT_FALSE(name.starts_with('/'));
      ASSERT_FALSE(name.size() > 1 && name[1] == ':' && std::isalpha(name[0]));
      ASSERT_EQ(name.find('\\'), std::string::npos);
      for (char const c : name) ASSERT_FALSE((c >= 0 && c < 0x20) || c == 0x7F);
      for (std::string_view const segment : base::split(name, '/')) ASSERT_NE(segment, "..");
      if (rule == NameRule::exact) continue;
      ASSERT_TRUE(base::is_utf8(name));
      std::string_view const path =
          std::string_view(name).substr(0, name.find_last_not_of('/') + 1);
      for (std::string_view const segment : base::split(path, '/')) {
        ASSERT_FALSE(segment.empty() || segment == "." || segment.size() > 255);
        ASSERT_FALSE(segment.ends_with('.') || segment.ends_with(' '));
      }
    }
  }
}

// Runs both passes over cleaned names; a dropped directory shows as "-".
std::vector<std::string> made_unique(std::vector<std::string> const& names,
                                     NameRule rule = NameRule::portable) {
  NameSet set(rule);
  for (std::string const& name : names) set.note_folders(name);
  std::vector<std::string> out;
  out.reserve(names.size());
  for (std::string const& name : names) out.push_back(set.unique(name).value_or("-"));
  return out;
}

using Names = std::vector<std::string>;

TEST(NameSet, numbers_what_is_taken) {
  EXPECT_EQ(made_unique({"a.txt", "a.txt", "a.txt"}), (Names{"a.txt", "a (2).txt", "a (3).txt"}));
  EXPECT_EQ(made_unique({"d/a", "e/a", "d/a"}), (Names{"d/a", "e/a", "d/a (2)"}));
  EXPECT_EQ(made_unique({"d.x/a", "d.x/a"}), (Names{"d.x/a", "d.x/a (2)"}));
  EXPECT_EQ(made_unique({"a.tar.gz", "a.tar.gz"}), (Names{"a.tar.gz", "a.tar (2).gz"}));
  EXPECT_EQ(made_unique({".bashrc", ".bashrc"}), (Names{".bashrc", ".bashrc (2)"}));
  EXPECT_EQ(made_unique({"Mr. Smith", "Mr. Smith"}), (Names{"Mr. Smith", "Mr. Smith (2)"}));
  EXPECT_EQ(made_unique({"a", "b"}), (Names{"a", "b"}));
}

TEST(NameSet, goes_on_counting_where_a_number_is_taken) {
  EXPECT_EQ(made_unique({"a (2).txt", "a.txt", "a.txt", "a.txt", "a (2).txt"}),
            (Names{"a (2).txt", "a.txt", "a (3).txt", "a (4).txt", "a (2) (2).txt"}));
  EXPECT_EQ(made_unique({"a", "a", "a (2)"}), (Names{"a", "a (2)", "a (2) (2)"}));
  EXPECT_EQ(made_unique({"a", "a", "a (2)/x"}), (Names{"a", "a (3)", "a (2)/x"}));
}

TEST(NameSet, a_file_that_is_also_a_folder_gives_way) {
  EXPECT_EQ(made_unique({"a", "a/b"}), (Names{"a (2)", "a/b"}));
  EXPECT_EQ(made_unique({"a/b", "a"}), (Names{"a/b", "a (2)"}));
  EXPECT_EQ(made_unique({"a", "a/"}), (Names{"a (2)", "a/"}));
  EXPECT_EQ(made_unique({"x/a", "x/a/b/c", "x/a/b"}), (Names{"x/a (2)", "x/a/b/c", "x/a/b (2)"}));
  EXPECT_EQ(made_unique({"A", "a/b"}), (Names{"A (2)", "a/b"}));
  EXPECT_EQ(made_unique({"ab", "a/b"}), (Names{"ab", "a/b"}));
}

TEST(NameSet, a_directory_given_twice_is_dropped) {
  EXPECT_EQ(made_unique({"d/", "d/", "d/x"}), (Names{"d/", "-", "d/x"}));
  EXPECT_EQ(made_unique({"d/", "D/"}), (Names{"d/", "-"}));
  EXPECT_EQ(made_unique({"d/", "D/"}, NameRule::exact), (Names{"d/", "D/"}));
}

TEST(NameSet, compares_case_folded_nfc) {
  EXPECT_EQ(made_unique({"ReadMe.md", "README.MD"}), (Names{"ReadMe.md", "README (2).MD"}));
  EXPECT_EQ(made_unique({"\u00FC", "u\u0308", "\u00DC", "U\u0308"}),
            (Names{"\u00FC", "u\u0308 (2)", "\u00DC (3)", "U\u0308 (4)"}));
  EXPECT_EQ(made_unique({"STRASSE", "stra\u00DFe"}), (Names{"STRASSE", "stra\u00DFe (2)"}));
  EXPECT_EQ(made_unique({"\u03A3\u03AF\u03C3", "\u03C3\u03AF\u03C2"}),
            (Names{"\u03A3\u03AF\u03C3", "\u03C3\u03AF\u03C2 (2)"}));
  EXPECT_EQ(made_unique({"\u212B", "\u00E5"}), (Names{"\u212B", "\u00E5 (2)"})) << "angstrom sign";
  EXPECT_EQ(made_unique({"\uFB01", "fi"}), (Names{"\uFB01", "fi (2)"})) << "folds, in full";
  EXPECT_EQ(made_unique({"\u00B2", "2"}), (Names{"\u00B2", "2"})) << "only compatible, not equal";
}

TEST(NameSet, exact_names_are_compared_byte_by_byte) {
  EXPECT_EQ(made_unique({"a", "A", "\u00FC", "u\u0308"}, NameRule::exact),
            (Names{"a", "A", "\u00FC", "u\u0308"}));
  EXPECT_EQ(made_unique({"a", "a", "\xFF", "\xFF"}, NameRule::exact),
            (Names{"a", "a (2)", "\xFF", "\xFF (2)"}));
  EXPECT_EQ(made_unique({"a", "a/b", "b", "B/c"}, NameRule::exact),
            (Names{"a (2)", "a/b", "b", "B/c"}));
}

TEST(NameSet, keeps_numbered_names_within_the_limits) {
  std::string const x(240, 'x');
  Names const portable = made_unique(
      {x + "1234567890.jpg", x + "1234567890.jpg", x + "1234567899.jpg", x + "1234567899.jpg"});
  EXPECT_EQ(portable[1], std::string(238, 'x') + " (2).jpg");
  EXPECT_EQ(portable[2], x + "1234567899.jpg");
  EXPECT_EQ(portable[3], std::string(238, 'x') + " (3).jpg");
  for (std::string const& name : portable) EXPECT_LE(name.size(), 255U);

  std::string const longest(max_name_bytes, 'x');
  Names const exact = made_unique({longest, longest}, NameRule::exact);
  EXPECT_EQ(exact[1], longest.substr(0, max_name_bytes - 13) + " (2)");

  std::string const deep = std::string(max_name_bytes - 5, 'd') + "/file";
  NameSet set(NameRule::exact);
  EXPECT_EQ(set.unique(deep.substr(1)), deep.substr(1));
  EXPECT_EQ(set.unique(deep.substr(1)), "file (2)") << "a folder gives way to the number";
}

// Aim: no quadratic time for 100,000 equal names, nor for pairs whose numbered forms are equal once
// they are shortened. A set that starts over at (2) runs into ctest's timeout.
TEST(NameSet, counts_up_without_starting_over) {
  std::size_t const count = 100'000;
  Names const equal = made_unique(Names(count, "a.txt"));
  EXPECT_EQ(equal.back(), "a (100000).txt");

  NameSet set(NameRule::portable);
  std::set<std::string> seen;
  for (std::size_t i = 0; i < count / 4; ++i) {
    std::string const name = std::string(245, 'x') + fmt::format("{:06}", i);
    ASSERT_TRUE(seen.insert(set.unique(name).value()).second);
    ASSERT_TRUE(seen.insert(set.unique(name).value()).second);
  }
  EXPECT_EQ(seen.size(), count / 2);
}

TEST(NameSet, many_names_take_a_few_bytes_each) {
  NameSet set(NameRule::portable);
  // This is just over the count that fits half as many slots: the emptiest that a table gets.
  std::size_t const count = 250'000;
  auto const name = [](std::size_t i) { return fmt::format("some/folder/{}/{}", i / 100, i); };
  for (std::size_t i = 0; i < count; ++i) set.note_folders(name(i));
  for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(set.unique(name(i)), name(i));
  EXPECT_LE(set.memory_bytes(), count * 40);
}

// For any names in any order, all files differ, none is a folder, and a second run gives the same.
TEST(NameSet, makes_any_list_of_names_unpackable) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::cout << "seed " << seed << "\n";
    std::mt19937_64 random(seed);
    constexpr std::array parts{"a"sv, "A"sv, "b"sv, "a (2)"sv, "x.txt"sv, "X.TXT"sv, "\u00FC"sv};
    Names names;
    for (int i = 0; i < 2'000; ++i) {
      std::string name(parts[random() % parts.size()]);
      for (std::uint64_t depth = random() % 4; depth > 0; --depth)
        name += fmt::format("/{}", parts[random() % parts.size()]);
      if (random() % 8 == 0) name += '/';
      names.push_back(name);
    }
    Names const unique = made_unique(names);
    EXPECT_EQ(made_unique(names), unique);
    std::set<std::string> files;
    std::set<std::string> folders;
    for (std::string const& name : unique) {
      if (name == "-") continue;
      std::string const lower = base::to_lower(name);
      if (!lower.ends_with('/')) ASSERT_TRUE(files.insert(lower).second) << name;
      for (std::size_t slash = lower.find('/'); slash != std::string::npos;
           slash = lower.find('/', slash + 1))
        folders.insert(lower.substr(0, slash));
    }
    for (std::string const& folder : folders) ASSERT_FALSE(files.contains(folder)) << folder;
  }
}

}  // namespace
}  // namespace zip
