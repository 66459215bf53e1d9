package dev.entrepot.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;

/**
 * Cuts an HTTP/1 connection that has too many requests waiting for their answers: Vert.x queues
 * them without bound, and a client that sends and never reads would fill the memory.
 */
final class PipelineLimit extends ChannelDuplexHandler {
  private static final AttributeKey<Boolean> INSTALLED =
      AttributeKey.valueOf(PipelineLimit.class, "installed");
  private static final String VERTX_HANDLER = "handler";

  private final int limit;
  private int waiting = 1; // the request that is being answered while this is installed

  private PipelineLimit(int limit) {
    this.limit = limit;
  }

  /** Watches the connection from its first request on. On its event loop. */
  static void install(Channel channel, int limit) {
    if (channel.hasAttr(INSTALLED)) {
      return;
    }
    channel.attr(INSTALLED).set(true);
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(VERTX_HANDLER) != null) {
      pipeline.addBefore(VERTX_HANDLER, "pipeline-limit", new PipelineLimit(limit));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof HttpRequest) {
      waiting++;
    }
    if (waiting > limit) {
      ReferenceCountUtil.release(message);
      context.close();
    } else {
      super.channelRead(context, message);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof LastHttpContent && !isContinue(message)) {
      waiting--;
    }
    super.write(context, message, promise);
  }

  private static boolean isContinue(Object message) {
    return message instanceof HttpResponse response
        && response.status().equals(HttpResponseStatus.CONTINUE);
  }
}
