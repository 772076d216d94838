// Reads a zip from standard input as Java programs do, by its local headers alone, and prints of
// each entry: name in hex (UTF-8), size, CRC-32 of the bytes read. Errors end it with a stack trace.

import java.io.BufferedInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

class ReadStream {
  public static void main(String[] arguments) throws Exception {
    ZipInputStream zip = new ZipInputStream(new BufferedInputStream(System.in, 1 << 20));
    byte[] buffer = new byte[1 << 18];
    StringBuilder out = new StringBuilder();
    for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
      CRC32 crc = new CRC32();
      long size = 0;
      for (int count; (count = zip.read(buffer)) > 0; size += count) crc.update(buffer, 0, count);
      byte[] name = entry.getName().getBytes(StandardCharsets.UTF_8);
      out.append(HexFormat.of().formatHex(name)).append(' ').append(size).append(' ')
          .append(crc.getValue()).append('\n');
    }
    System.out.print(out);
  }
}
